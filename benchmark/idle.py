"""What an idle keep-alive connection costs."""

import resource
import socket

from benchmark.machine import memory
from benchmark.servers import Server

WARM_UP = 200
CONNECTIONS = 9000


def bytes_per_connection(server: Server) -> float:
    """What the worker's own memory grows by for each connection of CONNECTIONS that
    had one request and stays open."""
    allow_files(CONNECTIONS + WARM_UP + 100)
    held: list[socket.socket] = []
    try:
        hold(server, held, WARM_UP)
        before = memory(server.worker)["uss"]
        hold(server, held, CONNECTIONS)
        return (memory(server.worker)["uss"] - before) / CONNECTIONS
    finally:
        for client in held:
            client.close()


def hold(server: Server, held: list[socket.socket], count: int) -> None:
    for _ in range(count):
        client = socket.create_connection(("127.0.0.1", server.port))
        held.append(client)
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while not answer.endswith(b"Hello World!"):
            answer += client.recv(4096)


def allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))
