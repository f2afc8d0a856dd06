"""The application in Tornado, on its own server."""

import asyncio
import logging
import os
import sys

import tornado.httpserver
import tornado.netutil
import tornado.process
import tornado.routing
import tornado.web

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import PAGES, SECTIONS


class Hello(tornado.web.RequestHandler):
    def get(self):
        self.write("Hello World!")


class Greet(tornado.web.RequestHandler):
    def get(self):
        self.write({"message": "Hello World!"})


class Page(tornado.web.RequestHandler):
    def get(self, number):
        self.write(f"page {int(number)}")


class Form(tornado.web.RequestHandler):
    def post(self):
        self.write(self.get_body_argument("name"))


class Upload(tornado.web.RequestHandler):
    def post(self):
        self.write(str(len(self.request.body)))


def section(path):
    """The rule of a section, with those of its pages in it."""
    pages = [(rf"{path}/page{i}/(\d+)", Page) for i in PAGES]
    return tornado.routing.PathMatches(path + "/.*"), pages


async def serve(sockets):
    application = tornado.web.Application(
        [
            ("/", Hello),
            ("/json", Greet),
            ("/form", Form),
            ("/upload", Upload),
            *(section(f"/pages/section{i}") for i in SECTIONS),
        ],
        static_path=os.environ["SITE"],
    )
    tornado.httpserver.HTTPServer(application).add_sockets(sockets)
    await asyncio.Event().wait()


logging.disable()
sockets = tornado.netutil.bind_sockets(
    int(os.environ["PORT"]), "127.0.0.1", backlog=2048
)
if os.environ["WORKERS"] != "1":
    tornado.process.fork_processes(int(os.environ["WORKERS"]))
asyncio.run(serve(sockets))
