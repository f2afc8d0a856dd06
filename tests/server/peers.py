"""Real stores: Redis, memcached, PostgreSQL and MariaDB, each in a folder of its own.

Each function is a context in which a Peer serves on an address that nothing else has.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import environment
import psycopg
from conftest import PATIENCE, eventually
from proxies import is_open, reserving
from redis import Redis
from redis.exceptions import RedisError

SLOTS = 16384  # of a Redis cluster
# Root's own would have these refuse to start.
DATABASE_USERS = {"postgres": "postgres", "mariadb": "mysql"}


class Peer:
    """A server program that can be stopped, and started with the data it had.

    `url` is where guava finds it, `is_up` tells whether it answers, and the signal
    `ending` ends it whoever is connected.
    """

    def __init__(
        self,
        command: list[str],
        folder: Path,
        url: str,
        is_up: Callable[[], bool],
        user: str | None = None,
        ending: int = signal.SIGTERM,
    ) -> None:
        self.command = command
        self.folder = folder
        self.url = url
        self.is_up = is_up
        self.user = user
        self.ending = ending
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "output.txt").open("ab") as output:
            process = self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **_account(self.user),
            )

        def is_up() -> bool:
            assert process.poll() is None, self.output()
            return self.is_up()

        eventually(is_up, f"{self.command[0]} answering")

    def stop(self) -> None:
        """End it; nothing where it has ended."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(self.ending)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
            self.process = None

    def pause(self) -> None:
        """Let it accept connections and answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self.process.pid}/task")
        # One that runs on another core may still answer when kill(2) has returned.
        eventually(lambda: all(map(_is_stopped, threads.iterdir())), "a stop")

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def output(self) -> str:
        return (self.folder / "output.txt").read_text(errors="replace")


def _is_stopped(thread: Path) -> bool:
    return "\nState:\tT" in (thread / "status").read_text()


def section(peer: Peer, **options: object) -> dict[str, object]:
    """What the configuration says of sessions that are kept in `peer`."""
    if "://" not in peer.url:
        return {"store": "memcached", "servers": [peer.url], **options}
    store = "redis" if peer.url.startswith("redis") else "sql"
    return {"store": store, "url": peer.url, **options}


def _account(user: str | None) -> dict[str, object]:
    """What Popen takes on for `user`; nothing where this process is not root."""
    options: dict[str, object] = {"env": environment.foreign()}
    if user is not None and os.geteuid() == 0:
        account = pwd.getpwnam(user)
        options |= {"user": user, "group": account.pw_gid, "extra_groups": []}
    return options


@contextmanager
def _folder(user: str | None = None) -> Iterator[Path]:
    """A folder of `user`'s, with a path short enough for a socket's."""
    with tempfile.TemporaryDirectory(prefix="guava-peer-") as name:
        if user is not None and os.geteuid() == 0:
            shutil.chown(name, user)
        yield Path(name)


@contextmanager
def _serving(peer: Peer) -> Iterator[Peer]:
    try:
        peer.start()
        yield peer
    finally:
        peer.stop()


# Redis


@contextmanager
def redis(*options: str) -> Iterator[Peer]:
    """One Redis, that keeps its data on the disk; `options` are its own."""
    with reserving(1) as [port], _folder() as folder:
        with _serving(_redis(port, folder, *options)) as peer:
            yield peer


@contextmanager
def redis_tls() -> Iterator[Peer]:
    """One Redis that talks TLS, to those who have the certificate that it has itself:
    `cert.pem` and `key.pem` in its folder."""
    with reserving(1) as [port], _folder() as folder:
        command = ["openssl", "req", "-x509", "-nodes", "-subj", "/CN=127.0.0.1"]
        command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command += ["-addext", "subjectAltName=IP:127.0.0.1"]
        _prepare([*command, "-keyout", "key.pem", "-out", "cert.pem"], folder)
        options = ["--tls-port", str(port), "--tls-ca-cert-file", "cert.pem"]
        options += ["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem"]
        peer = _redis(port, folder, "--port", "0", *options)
        peer.url = f"rediss://127.0.0.1:{port}/0"
        peer.is_up = lambda: is_open(port)
        with _serving(peer):
            yield peer


def _redis(port: int, folder: Path, *options: str) -> Peer:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", str(folder), "--save", "", "--appendonly", "yes"]
    command += ["--unixsocket", str(folder / "redis.sock"), *options]
    return Peer(command, folder, f"redis://127.0.0.1:{port}/0", lambda: _pings(port))


def _pings(port: int) -> bool:
    """Whether a Redis answers that has all of its data."""
    try:
        with Redis(port=port, socket_timeout=1) as client:
            return bool(client.ping())
    except RedisError:
        return False


@contextmanager
def sentinel() -> Iterator[tuple[Peer, Peer, Peer]]:
    """A Redis, its replica, and the Sentinel that lets the one follow the other.

    The Sentinel's is the URL to use.
    """
    with ExitStack() as stack:
        first, second, port = stack.enter_context(reserving(3))
        folders = [stack.enter_context(_folder()) for _ in range(3)]
        main = stack.enter_context(_serving(_redis(first, folders[0])))
        replica = _redis(
            second,
            folders[1],
            "--replicaof",
            f"127.0.0.1 {first}",
            "--repl-diskless-sync-delay",
            "0",
        )
        stack.enter_context(_serving(replica))
        guard = stack.enter_context(_serving(_sentinel(port, folders[2], first)))
        eventually(lambda: _replicas(port) == 1, "the Sentinel knowing the replica")
        yield main, replica, guard


def _sentinel(port: int, folder: Path, main: int) -> Peer:
    config = folder / "sentinel.conf"
    config.write_text(
        f"port {port}\n"
        "bind 127.0.0.1\n"
        f"sentinel monitor main 127.0.0.1 {main} 1\n"
        "sentinel down-after-milliseconds main 300\n"
        "sentinel failover-timeout main 2000\n"
    )
    command = ["redis-server", str(config), "--sentinel"]
    url = f"redis+sentinel://127.0.0.1:{port}/main/0"
    return Peer(command, folder, url, lambda: _pings(port))


def _replicas(port: int) -> int:
    """How many replicas the Sentinel would let take over."""
    with Redis(port=port, socket_timeout=1) as client:
        found = client.sentinel_slaves("main")
        return sum(
            not one["is_sdown"] and one["master-link-status"] == "ok" for one in found
        )


@contextmanager
def cluster() -> Iterator[Peer]:
    """A Redis cluster of three; the Peer is one of them."""
    with ExitStack() as stack:
        ports = stack.enter_context(reserving(6))
        nodes = []
        for port, bus in zip(ports[:3], ports[3:], strict=True):
            folder = stack.enter_context(_folder())
            options = ["--cluster-enabled", "yes", "--cluster-port", str(bus)]
            node = _redis(port, folder, *options)
            nodes.append(stack.enter_context(_serving(node)))
        _join(ports[:3], ports[3:])
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports[:2])
        nodes[0].url = f"redis+cluster://{hosts}"
        yield nodes[0]


def _join(ports: list[int], buses: list[int]) -> None:
    """Share the slots out, and wait until each node knows who has which."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(Redis(port=port)) for port in ports]
        bounds = [SLOTS * index // len(ports) for index in range(len(ports) + 1)]
        for index, node in enumerate(nodes):
            node.execute_command(
                "CLUSTER ADDSLOTSRANGE", bounds[index], bounds[index + 1] - 1
            )
            node.execute_command("CLUSTER SET-CONFIG-EPOCH", index + 1)
            node.execute_command("CLUSTER MEET", "127.0.0.1", ports[0], buses[0])

        def is_whole() -> bool:
            infos = [node.execute_command("CLUSTER INFO") for node in nodes]
            return all(
                info["cluster_state"] == "ok"
                and info["cluster_known_nodes"] == str(len(nodes))
                for info in infos
            )

        eventually(is_whole, "the cluster")


# memcached


@contextmanager
def memcached(*options: str) -> Iterator[Peer]:
    """One memcached; it forgets all when it is stopped."""
    with reserving(1) as [port], _folder() as folder:
        command = ["memcached", "-p", str(port), "-l", "127.0.0.1", *options]
        if os.geteuid() == 0:
            command += ["-u", "root"]
        url = f"127.0.0.1:{port}"
        with _serving(Peer(command, folder, url, lambda: is_open(port))) as peer:
            yield peer


# Databases


@contextmanager
def postgres() -> Iterator[Peer]:
    """A PostgreSQL on a Unix socket."""
    user = DATABASE_USERS["postgres"]
    with _folder(user) as folder:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "guava", "-A", "trust", "-N"]
        _prepare(initdb, folder, user)
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder)]
        command += ["-c", "listen_addresses=", "-c", "fsync=off"]
        url = f"postgresql+psycopg://guava@/postgres?host={folder}"

        def is_up() -> bool:
            try:
                with psycopg.connect(host=str(folder), user="guava", dbname="postgres"):
                    return True
            except psycopg.OperationalError:
                return False

        # It would wait for its clients to leave on SIGTERM.
        peer = Peer(command, folder, url, is_up, user, signal.SIGINT)
        with _serving(peer):
            yield peer


@contextmanager
def mariadb() -> Iterator[Peer]:
    """A MariaDB on a Unix socket."""
    user = DATABASE_USERS["mariadb"]
    with _folder(user) as folder:
        data, path = f"--datadir={folder}/data", f"{folder}/db.sock"
        install = ["mariadb-install-db", "--no-defaults", data, "--skip-test-db"]
        _prepare([*install, "--auth-root-authentication-method=normal"], folder, user)
        command = ["/usr/sbin/mariadbd", "--no-defaults", data, "--skip-networking"]
        command += [f"--socket={path}", f"--pid-file={folder}/db.pid"]
        url = f"mysql+pymysql://root@localhost/mysql?unix_socket={path}"

        def is_up() -> bool:
            with socket.socket(socket.AF_UNIX) as client:
                return client.connect_ex(path) == 0

        with _serving(Peer(command, folder, url, is_up, user)) as peer:
            yield peer


def _prepare(command: list[str | Path], folder: Path, user: str | None = None) -> None:
    """Run what makes a server's files, in `folder` and as `user`."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, **_account(user)
    )
    assert done.returncode == 0, done.stdout + done.stderr
