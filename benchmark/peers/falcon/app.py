"""The application in Falcon."""

import os
import sys

import falcon

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import ROUTES


class Hello:
    def on_get(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = "Hello World!"


class Greet:
    def on_get(self, request, response):
        response.media = {"message": "Hello World!"}


class Page:
    def on_get(self, request, response, number):
        response.content_type = falcon.MEDIA_HTML
        response.text = f"page {number}"


class Form:
    def on_post(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = request.get_media()["name"]


class Upload:
    def on_post(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = str(len(request.bounded_stream.read()))


application = falcon.App()
application.add_route("/", Hello())
application.add_route("/json", Greet())
application.add_route("/form", Form())
application.add_route("/upload", Upload())
application.add_static_route("/static", os.environ["SITE"])
page = Page()
for route in ROUTES:
    application.add_route(route + "/{number:int}", page)
