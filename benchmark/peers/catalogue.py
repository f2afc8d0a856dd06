"""All peers, in the order in which they are measured."""

from signal import SIGHUP

from benchmark.peers.peer import Peer

PLAIN = frozenset({"hello", "json", "form", "upload"})
ROUTED = PLAIN | {"argument"}
STATIC = frozenset({"static", "known"})
WHOLE = ROUTED | STATIC | {"session"}
UVICORN = (
    "$bin/uvicorn --port=$port --workers=$workers --loop=uvloop --http=httptools "
    "--no-access-log --log-level=warning "
)
GRANIAN = (
    "$bin/granian --port=$port --workers=$workers --http=1 --backlog=2048 "
    "--backpressure=16000 --log-level=error --no-ws "
)
GUNICORN = (
    "$bin/gunicorn --bind=127.0.0.1:$port --workers=$workers --backlog=2048 "
    "--log-level=error --no-control-socket --http-parser=fast "
)
BJOERN = "$bin/python ../bjoern/serve.py "

GUAVA = Peer(
    name="guava",
    folder="guava",
    settings="One worker, access log off (docs/configuration.md).",
    command="$guavad -c guava.yaml",
    version="$guavad -v",
    answers=WHOLE,
    reload=SIGHUP,
    original=True,
)

EXAMPLE = Peer(
    name="guava's example",
    folder="../../conf",
    settings="conf/guava.yaml as it is, with two workers.",
    command="$guavad -c guava.yaml -o server.listen=127.0.0.1:$port",
    answers=frozenset({"hello"}),
)

PEERS = (
    Peer(
        name="nginx",
        folder="nginx",
        settings="`return 200`; sendfile, tcp_nopush and open_file_cache for files "
        "(the manual's core and http core modules).",
        command="/usr/sbin/nginx -p $work -e stderr -c $config",
        config="nginx.conf",
        version="/usr/sbin/nginx -v",
        answers=STATIC | {"hello", "json"},
        reload=SIGHUP,
    ),
    Peer(
        name="bjoern",
        folder="bjoern",
        settings="`bjoern.run()`; nothing to set for speed (README, Usage).",
        command=BJOERN + "wsgi:application",
        workdir="plain",
        answers=PLAIN,
    ),
    Peer(
        name="FastPySGI, WSGI",
        folder="fastpysgi",
        settings="`fastpysgi.run()` with tcp_nodelay (README, Quick start; source).",
        command="$bin/python serve.py wsgi",
        answers=PLAIN,
    ),
    Peer(
        name="FastPySGI, ASGI",
        folder="fastpysgi",
        settings="`fastpysgi.run()` with tcp_nodelay (README, Quick start; source).",
        command="$bin/python serve.py asgi",
        answers=PLAIN,
    ),
    Peer(
        name="socketify",
        folder="socketify",
        settings="Its own interface, plain functions where nothing is awaited "
        "(documentation, Basics).",
        command="$bin/python serve.py",
        answers=PLAIN,
    ),
    Peer(
        name="Granian, WSGI",
        folder="granian",
        settings="HTTP/1 alone, one blocking thread (README, Workers and threads).",
        command=GRANIAN + "--static-path-route=/static --static-path-mount=$site "
        "--blocking-threads=1 --interface=wsgi wsgi:application",
        workdir="plain",
        answers=PLAIN | STATIC,
        reload=SIGHUP,
    ),
    Peer(
        name="Granian, RSGI",
        folder="granian",
        settings="HTTP/1 alone, uvloop (README, Options).",
        command=GRANIAN + "--loop=uvloop --interface=rsgi rsgi:application",
        answers=PLAIN,
        reload=SIGHUP,
    ),
    Peer(
        name="Granian, ASGI",
        folder="granian",
        settings="HTTP/1 alone, uvloop, no lifespan (README, Options).",
        command=GRANIAN + "--loop=uvloop --interface=asginl asgi:application",
        workdir="plain",
        answers=PLAIN,
        reload=SIGHUP,
    ),
    Peer(
        name="uvicorn",
        folder="uvicorn",
        settings="uvloop and httptools, access log off (documentation, Settings).",
        command=UVICORN + "--lifespan=off asgi:application",
        workdir="plain",
        answers=PLAIN,
    ),
    Peer(
        name="gunicorn, sync",
        folder="gunicorn",
        settings="The worker class sync, which closes each connection; the parser in C "
        "(documentation, Settings).",
        command=GUNICORN + "wsgi:application",
        workdir="plain",
        answers=PLAIN,
        reload=SIGHUP,
    ),
    Peer(
        name="gunicorn, gthread",
        folder="gunicorn",
        settings="The worker class gthread, four threads, keep-alive; the parser in C "
        "(documentation, Settings).",
        command=GUNICORN
        + "--worker-class=gthread --threads=4 --worker-connections=16000 "
        "--keep-alive=75 wsgi:application",
        workdir="plain",
        answers=PLAIN,
        reload=SIGHUP,
    ),
    Peer(
        name="uWSGI",
        folder="uwsgi",
        settings="Its HTTP router with keep-alive, since a worker of --http11-socket "
        "serves one client at a time; single interpreter, no logging "
        "(documentation, Native HTTP support and Things to know).",
        command="$bin/uwsgi --http=127.0.0.1:$port --http-keepalive=75 --master "
        "--processes=$workers --listen=2048 --single-interpreter --need-app "
        "--disable-logging --die-on-term --so-keepalive "
        "--static-map=/static=$site --module=wsgi:application",
        workdir="plain",
        answers=PLAIN | STATIC,
        reload=SIGHUP,
    ),
    Peer(
        name="Falcon on bjoern",
        folder="falcon",
        settings="On the fastest WSGI server; compiled with Cython as its wheels are "
        "(documentation, Installation).",
        command=BJOERN + "app:application",
        answers=ROUTED | STATIC,
    ),
    Peer(
        name="Starlette on uvicorn",
        folder="starlette",
        settings="uvicorn with uvloop and httptools; sessions in a signed cookie "
        "(documentation, Middleware).",
        command=UVICORN + "app:application",
        answers=WHOLE,
    ),
    Peer(
        name="BlackSheep on uvicorn",
        folder="blacksheep",
        settings="uvicorn with uvloop and httptools (documentation, Getting started).",
        command=UVICORN + "app:application",
        answers=ROUTED | STATIC,
    ),
    Peer(
        name="Robyn",
        folder="robyn",
        settings="One process and one worker, log level warning "
        "(documentation, Scaling).",
        command="$bin/python serve.py --processes=$workers --workers=1 "
        "--log-level=WARNING --disable-openapi",
        answers=ROUTED,
    ),
    Peer(
        name="Flask on bjoern",
        folder="flask",
        settings="On the fastest WSGI server; sessions in a signed cookie "
        "(documentation, Deploying to Production).",
        command=BJOERN + "app:application",
        answers=WHOLE,
        original=True,
    ),
    Peer(
        name="Django on bjoern",
        folder="django",
        settings="On the fastest WSGI server, of all middleware with CommonMiddleware, "
        "which gives answers their length; sessions in the cache in memory "
        "(documentation, Middleware and How to use sessions).",
        command=BJOERN + "app:application",
        answers=ROUTED | {"session"},
    ),
    Peer(
        name="CherryPy",
        folder="cherrypy",
        settings="Its own server in the environment production; sessions in memory "
        "(documentation, Configure).",
        command="$bin/python serve.py",
        answers=PLAIN | STATIC | {"session"},
        original=True,
    ),
    Peer(
        name="Tornado",
        folder="tornado",
        settings="Its own server, access log off "
        "(documentation, Running and deploying).",
        command="$bin/python serve.py",
        answers=ROUTED | STATIC,
        original=True,
    ),
    Peer(
        name="Node.js",
        folder="node",
        settings="The module http alone (documentation, HTTP).",
        command="node serve.js",
        version="node --version",
        answers=PLAIN,
        original=True,
    ),
    Peer(
        name="Go",
        folder="go",
        settings="net/http alone, GOMAXPROCS as many as workers "
        "(documentation, package net/http).",
        command="$binary",
        build="go build -o $binary serve.go",
        environment={"GOMAXPROCS": "$workers"},
        version="go version",
        answers=PLAIN | STATIC,
        original=True,
    ),
)

SERVERS = {peer.name: peer for peer in (GUAVA, *PEERS)}
