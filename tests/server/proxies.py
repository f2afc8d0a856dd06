"""Real proxies in front of a guavad: nginx and HAProxy, each in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import environment
from conftest import PATIENCE, eventually

NGINX = "/usr/sbin/nginx"
HAPROXY = "/usr/sbin/haproxy"
STREAM_MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so"
NGINX_FRAME = """\
{load}
{user}
daemon off;
worker_processes 1;
error_log stderr;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
}}
{stream}
"""


@contextmanager
def reserving(count: int) -> Iterator[list[int]]:
    """Ports that the kernel gives to nobody else, and SO_REUSEADDR to a proxy."""
    with ExitStack() as stack:
        ports = []
        for _ in range(count):
            held = stack.enter_context(socket.socket())
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("127.0.0.1", 0))
            ports.append(held.getsockname()[1])
        yield ports


def is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """The program, from when it listens on `port` to the end of the block."""
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment.foreign(),
        )

    def listens() -> bool:
        assert process.poll() is None, (folder / "output.txt").read_text()
        return is_open(port)

    try:
        eventually(listens, f"{command[0]} listening")
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def nginx(folder: Path, http: str, port: int, stream: str = "") -> Iterator[None]:
    """nginx with the inside of an `http` block, or a `stream` block, that listens on
    `port`."""
    folder.mkdir()
    config = folder / "nginx.conf"
    # Root's nginx would drop to a user who can not enter the test's folder.
    user = "user root;" if os.geteuid() == 0 else ""
    load = f"load_module {STREAM_MODULE};" if stream else ""
    config.write_text(
        NGINX_FRAME.format(
            load=load, user=user, folder=folder, http=http, stream=stream
        )
    )
    command = [NGINX, "-p", str(folder), "-e", "stderr", "-c", str(config)]
    with running(command, folder, port):
        yield


@contextmanager
def haproxy(folder: Path, config: str, port: int) -> Iterator[None]:
    """HAProxy with that configuration, which listens on `port`."""
    folder.mkdir()
    file = folder / "haproxy.cfg"
    file.write_text(config)
    with running([HAPROXY, "-db", "-f", str(file)], folder, port):
        yield
