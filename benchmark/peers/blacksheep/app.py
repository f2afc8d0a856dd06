"""The application in BlackSheep."""

import os
import sys

from blacksheep import Application, FromForm, Request, html, json

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import ROUTES

application = Application()
get, post = application.router.get, application.router.post


@get("/")
async def hello():
    return html("Hello World!")


@get("/json")
async def greet():
    return json({"message": "Hello World!"})


@post("/form")
async def form(fields: FromForm[dict]):
    return html(fields.value["name"])


@post("/upload")
async def upload(request: Request):
    return html(str(len(await request.read())))


async def page(number: int):
    return html(f"page {number}")


for route in ROUTES:
    application.router.add_get(route + "/{int:number}", page)
application.serve_files(os.environ["SITE"], root_path="static", extensions={".bin"})
