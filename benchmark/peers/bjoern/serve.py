"""bjoern on one socket, WORKERS times, with an application of ours.

serve.py MODULE:NAME, from the folder of the module.
"""

import os
import sys
from importlib import import_module

import bjoern


def serve(target):
    sys.path.insert(0, os.getcwd())
    module, _, name = target.partition(":")
    application = getattr(import_module(module), name)
    bjoern.listen(application, "127.0.0.1", int(os.environ["PORT"]))
    for _ in range(int(os.environ["WORKERS"]) - 1):
        if os.fork() == 0:
            break
    bjoern.run()


serve(sys.argv[1])
