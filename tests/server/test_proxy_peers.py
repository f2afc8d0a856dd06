"""guavad behind real proxies: nginx and HAProxy, as conf/ and docs/ set them up."""

import json
import re
import socket
from pathlib import Path

import pytest
from http_client import PATIENCE, post, request
from proxies import haproxy, nginx, reserving

CONF = Path(__file__).parents[2] / "conf"
WHO = """\
import guava

class WhoController(guava.controller.Controller):
    def index(self):
        asked = self.request
        return [asked.client, asked.scheme, asked.host, asked.id]

    def length(self):
        return [self.request.client, len(self.request.body)]
"""
SPOOFED = [
    "X-Forwarded-For: 6.6.6.6",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: evil",
    "Forwarded: for=6.6.6.6;proto=https;host=evil",
    "X-Request-ID: evil",
]
# A proxy by the book; `{more}` are fields that it sets too.
CLIENT = "127.0.0.9"  # not the proxy's own address
HAPROXY = """\
defaults
    mode tcp
    timeout connect 5s
    timeout client 20s
    timeout server 20s
listen through
    bind 127.0.0.1:{port}
    server guava {up} {version}
"""
STREAM = """\
stream {{
    server {{
        listen 127.0.0.1:{port};
        proxy_pass {up};
        proxy_protocol on;
    }}
}}
"""
SERVER = """\
    upstream {name} {{ server {up}; keepalive 4; }}
    server {{
        listen {listen};
        location / {{
            proxy_pass http://{name};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            {more}
        }}
    }}
"""
APPENDING = """\
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $http_host;
"""
ADDING_TO_FORWARDED = """\
            set $forwarded "for=$remote_addr;proto=$scheme;host=\\"$http_host\\"";
            if ($http_forwarded) {
                set $forwarded "$http_forwarded, $forwarded";
            }
            proxy_set_header Forwarded $forwarded;
"""


@pytest.fixture
def serving(make_guavad):
    """serving(**sections): a guavad that says whom it takes a client for."""

    def serve(**sections):
        guavad = make_guavad(**sections)
        guavad.write("controllers/who.py", WHO)
        guavad.start()
        return guavad

    return serve


def trusting(*networks, **more):
    return {"proxy": {"trusted": list(networks)} | more}


def server(port, up, more, name="guava"):
    """The http block of an nginx on `port` in front of `up`."""
    listen = f"127.0.0.1:{port}"
    return SERVER.format(name=name, listen=listen, up=up, more=more)


def send_from(address, port, data):
    """Head and JSON of the answer to a request that comes from that loopback address
    and is its connection's last."""
    with socket.socket() as client:
        client.bind((address, 0))
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", port))
        client.sendall(data)
        raw = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b" 200 " in head.partition(b"\r\n")[0], raw
    return head, json.loads(body)


def ask_from(address, port, *fields):
    """Whom guava takes a client at that address for, and what it asked."""
    data = request("/who", *fields, "Connection: close")
    head, who = send_from(address, port, data)
    fields = head.decode().splitlines()
    assert [line for line in fields if line.lower() == f"x-request-id: {who[3]}"]
    return who


@pytest.mark.parametrize("more", [APPENDING, ADDING_TO_FORWARDED])
@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_nginx_names_its_client(serving, tmp_path, way, more):
    listen = {} if way == "tcp" else {"server": {"listen": "unix:guava.sock"}}
    headers = "forwarded" if more is ADDING_TO_FORWARDED else "auto"
    trusted = "127.0.0.1" if way == "tcp" else "unix:"
    guavad = serving(**trusting(trusted, headers=headers), **listen)
    up = (
        f"127.0.0.1:{guavad.port}"
        if way == "tcp"
        else f"unix:{guavad.folder}/guava.sock"
    )
    with reserving(1) as [port]:
        http = server(port, up, more)
        with nginx(tmp_path / "nginx", http, port):
            for _ in range(3):  # over connections that are kept
                assert ask_from(CLIENT, port)[:3] == [CLIENT, "http", "test"]
                spoofed = ask_from(CLIENT, port, *SPOOFED)
                assert spoofed[:3] == [CLIENT, "http", "test"]


@pytest.mark.parametrize("more", [APPENDING, ADDING_TO_FORWARDED])
def test_two_nginxes_name_the_client_of_the_outer_one(serving, tmp_path, more):
    headers = "forwarded" if more is ADDING_TO_FORWARDED else "auto"
    guavad = serving(**trusting("127.0.0.1", headers=headers))
    with reserving(2) as [inner, outer]:
        http = server(inner, f"127.0.0.1:{guavad.port}", more)
        http += server(outer, f"127.0.0.1:{inner}", more, name="inner")
        with nginx(tmp_path / "nginx", http, outer):
            assert ask_from(CLIENT, outer)[0] == CLIENT
            assert ask_from(CLIENT, outer, *SPOOFED)[:2] == [CLIENT, "http"]
            assert ask_from(CLIENT, inner, *SPOOFED)[:2] == [CLIENT, "http"]


def test_a_nginx_that_is_not_trusted_changes_nothing(serving, tmp_path):
    guavad = serving(**trusting("10.0.0.0/8"))
    up = f"127.0.0.1:{guavad.port}"
    with reserving(1) as [port]:
        http = server(port, up, APPENDING)
        with nginx(tmp_path / "nginx", http, port):
            assert ask_from(CLIENT, port, *SPOOFED)[:3] == ["127.0.0.1", "http", "test"]


def test_a_client_beside_the_proxy_changes_nothing(serving):
    guavad = serving(**trusting("127.0.0.1"))
    client, scheme, host, name = ask_from(CLIENT, guavad.port, *SPOOFED)
    assert [client, scheme, host] == [CLIENT, "http", "test"]
    assert name != "evil"


def conf(name, **replacements):
    """A file of conf/, with each of these texts, which it has, replaced."""
    text = (CONF / name).read_text()
    for old, new in replacements.values():
        assert old in text
        text = text.replace(old, new)
    return text


def test_conf_nginx_conf_is_as_it_says(serving, tmp_path):
    socket_path = "unix:guava.sock"
    guavad = serving(
        server={"listen": {"address": socket_path, "mode": "0660"}}, **trusting("unix:")
    )
    with reserving(1) as [port]:
        http = conf(
            "nginx.conf",
            port=("listen 80;", f"listen 127.0.0.1:{port};"),
            up=("unix:/run/guava/guava.sock", f"unix:{guavad.folder}/guava.sock"),
        )
        with nginx(tmp_path / "nginx", http, port):
            client, scheme, host, name = ask_from(CLIENT, port, *SPOOFED)
            assert [client, scheme, host] == [CLIENT, "http", "test"]
            assert re.fullmatch("[0-9a-f]{32}", name)  # nginx's $request_id
            guavad.wait_for_log(f"{CLIENT} - - ", name="access.log")


def test_conf_haproxy_cfg_is_as_it_says(serving, tmp_path):
    with reserving(3) as [web, through, marked]:
        listen = {"address": f"127.0.0.1:{marked}", "proxy_protocol": True}
        guavad = serving(**trusting("127.0.0.1"))
        plain = f"127.0.0.1:{guavad.port}"
        guavad.configure(server={"listen": [plain, listen]}, **trusting("127.0.0.1"))
        assert guavad.run("-c", str(guavad.config), "-s", "reload").returncode == 0
        config = conf(
            "haproxy.cfg",
            web=("bind :80\n", f"bind 127.0.0.1:{web}\n"),
            through=("bind :8080\n", f"bind 127.0.0.1:{through}\n"),
            plain=("guava 127.0.0.1:8000", f"guava {plain}"),
            marked=("guava 127.0.0.1:8001", f"guava 127.0.0.1:{marked}"),
        )
        with haproxy(tmp_path / "haproxy", config, web):
            client, scheme, host, name = ask_from(CLIENT, web, *SPOOFED)
            assert [client, scheme, host] == [CLIENT, "http", "test"]
            assert re.fullmatch("[0-9a-f-]{36}", name)  # HAProxy's uuid()
            client, scheme, host, name = ask_from(CLIENT, through, *SPOOFED)
            assert [client, scheme, host] == [CLIENT, "http", "test"]
            assert name != "evil"


@pytest.mark.parametrize("version", ["send-proxy", "send-proxy-v2"])
@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_haproxy_names_its_client_by_the_proxy_protocol(
    serving, tmp_path, way, version
):
    with reserving(2) as [port, marked]:
        address = f"127.0.0.1:{marked}" if way == "tcp" else "unix:guava.sock"
        guavad = serving(
            server={"listen": {"address": address, "proxy_protocol": True}},
            **trusting("127.0.0.1" if way == "tcp" else "unix:"),
        )
        up = address if way == "tcp" else f"unix@{guavad.folder}/guava.sock"
        config = HAPROXY.format(port=port, up=up, version=version)
        with haproxy(tmp_path / "haproxy", config, port):
            for _ in range(3):
                spoofed = ask_from(CLIENT, port, *SPOOFED)
                assert spoofed[:3] == [CLIENT, "http", "test"]


def test_nginx_names_its_client_by_the_proxy_protocol(serving, tmp_path):
    with reserving(2) as [port, marked]:
        listen = {"address": f"127.0.0.1:{marked}", "proxy_protocol": True}
        serving(server={"listen": listen}, **trusting("127.0.0.1"))
        stream = STREAM.format(port=port, up=f"127.0.0.1:{marked}")
        with nginx(tmp_path / "nginx", "", port, stream=stream):
            spoofed = ask_from(CLIENT, port, *SPOOFED)
            assert spoofed[:3] == [CLIENT, "http", "test"]


def test_a_body_passes_through_nginx_with_its_client(serving, tmp_path):
    guavad = serving(**trusting("127.0.0.1"))
    up = f"127.0.0.1:{guavad.port}"
    with reserving(1) as [port]:
        http = server(port, up, APPENDING)
        with nginx(tmp_path / "nginx", http, port):
            spoofed = ("X-Forwarded-For: 6.6.6.6", "Connection: close")
            data = post("/who/length", b"x" * 200_000, *spoofed)
            assert send_from(CLIENT, port, data)[1] == [CLIENT, 200_000]
