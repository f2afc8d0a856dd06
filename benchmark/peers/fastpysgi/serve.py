"""FastPySGI's run(), as its README calls it, without Nagle: serve.py wsgi|asgi."""

import os
import sys
from importlib import import_module

import fastpysgi

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
application = import_module(sys.argv[1]).application
workers = int(os.environ["WORKERS"])
fastpysgi.server.tcp_nodelay = 1
fastpysgi.run(application, "127.0.0.1", int(os.environ["PORT"]), workers=workers)
