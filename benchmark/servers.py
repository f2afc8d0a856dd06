"""The servers under test, each pinned to one core and with one worker."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from benchmark.machine import children

SERVER_CORE = "0"
GUAVAD = Path(sys.executable).with_name("guavad")
NGINX = "/usr/sbin/nginx"
START_SECONDS = 60

NGINX_CONF = """\
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 10000; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
    default_type text/html;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port} backlog=2048;
        {content}
    }}
}}
"""
NGINX_HELLO = 'location / { return 200 "Hello World!"; }'
NGINX_FILES = """
        root %s;
        sendfile on;
        tcp_nopush on;
        open_file_cache max=1000 inactive=60s;
        etag on;
"""


@dataclass(frozen=True)
class Server:
    """A server that answers on `port`; `worker` is the process that does the work."""

    name: str
    port: int
    worker: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def guavad(
    config: Path, name: str = "guavad", path: str = "/", port: int | None = None
) -> Iterator[Server]:
    """guavad with a configuration that listens on ${PORT}, unless it has a `port` of
    its own, and answers at `path`."""
    command = [str(GUAVAD), "-c", str(config)]
    with running(name, command, port or free_port(), path) as server:
        yield server


@contextmanager
def nginx(content: str = NGINX_HELLO, path: str = "/") -> Iterator[Server]:
    """nginx with `content` in its server block; `return 200` unless given."""
    port = free_port()
    with TemporaryDirectory() as folder:
        config = Path(folder, "nginx.conf")
        config.write_text(NGINX_CONF.format(port=port, content=content))
        command = [NGINX, "-p", folder, "-e", "stderr", "-c", str(config)]
        with running("nginx", command, port, path) as server:
            yield server


def nginx_files(directory: Path, path: str) -> AbstractContextManager[Server]:
    """nginx that serves a directory as fast as it can."""
    return nginx(NGINX_FILES % directory, path)


@contextmanager
def running(name: str, command: list[str], port: int, path: str) -> Iterator[Server]:
    with TemporaryFile() as log:
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command],
            env={**os.environ, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            if answer(process, port, path) != 200:
                log.seek(0)
                raise RuntimeError(f"{name} does not serve:\n{log.read().decode()}")
            [worker] = children(process.pid)
            yield Server(name, port, worker)
        finally:
            process.terminate()
            process.wait()


def answer(process: subprocess.Popen[bytes], port: int, path: str) -> int | None:
    """The status that a starting server answers with; None when it ended instead."""
    while process.poll() is None:
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=START_SECONDS
        )
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
        finally:
            connection.close()
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
