"""A headless Chromium, driven by its DevTools protocol over a pair of pipes."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any

import environment

PATIENCE = 30.0  # seconds that anything a test waits for may take
FLAGS = (
    "--headless",
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)


class Browser:
    """One window, until the with block is left. What Chromium refuses fails the test.

    Messages are JSON, ended by NUL: Chromium reads descriptor 3 and writes 4.
    """

    def __init__(self, profile: Path) -> None:
        """`profile` is a folder of the browser's own."""
        read, self._out = os.pipe()
        self._in, write = os.pipe()
        # `read` is the lowest of the four, so that `write` is not 3.
        script = f'exec chromium "$@" 3<&{read} 4>&{write}'
        command = ["bash", "-c", script, "chromium", *FLAGS]
        self._process = subprocess.Popen(
            [*command, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(read, write),
            env=environment.foreign(),
        )
        os.close(read)
        os.close(write)
        self._unread = b""
        self._last = 0
        self._events: list[dict[str, Any]] = []
        self.complaints: list[str] = []  # what pages have had logged or thrown
        self.requested: list[str] = []  # the URLs of all requests
        self._session: str | None = None

    def __enter__(self) -> Browser:
        try:
            self._attach()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _attach(self) -> None:
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(found["targetId"] for found in targets if found["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __exit__(self, *_: object) -> None:
        os.close(self._out)  # at the end of its input it leaves
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._in)

    # The protocol

    def call(self, method: str, **params: Any) -> Any:
        """The result of one command."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._last:
            self._note(answer)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _read(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._unread:
            left = max(0.0, deadline - time.monotonic())
            assert select.select([self._in], [], [], left)[0], "the browser is silent"
            data = os.read(self._in, 1 << 16)
            assert data, "the browser has gone"
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def _note(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        method, params = event["method"], event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requested.append(params["request"]["url"])
        elif method == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))

    def _wait_for(self, method: str) -> None:
        while not any(event["method"] == method for event in self._events):
            self._note(self._read())

    # A page

    def open(self, url: str) -> None:
        """Load a page, to the end."""
        self._events.clear()
        assert "errorText" not in self.call("Page.navigate", url=url)
        self._wait_for("Page.loadEventFired")

    def click(self, selector: str) -> None:
        """Follow a link, until the page that it leads to is there."""
        self._events.clear()
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self._wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """The value of a script, which runs whatever the page's policy is."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """The value of a script, once it is true."""
        deadline = time.monotonic() + PATIENCE
        while not (value := self.run(script)):
            assert time.monotonic() < deadline, f"{script}: {self.complaints}"
            time.sleep(0.05)
        return value

    def messages(self) -> list[str]:
        """What the page has had logged since it was opened."""
        self.call("Runtime.evaluate", expression="0")
        logged = [it for it in self._events if it["method"] == "Log.entryAdded"]
        return [event["params"]["entry"]["text"] for event in logged]

    def prefer(self, scheme: str) -> None:
        """As a person who has chosen `light` or `dark`."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def resize(self, width: int, height: int = 800) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, path: Path) -> None:
        """Write what is seen to a PNG file."""
        shot = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))
