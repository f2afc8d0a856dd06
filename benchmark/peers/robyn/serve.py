"""The application in Robyn."""

import os
import sys
from urllib.parse import parse_qs

from robyn import Robyn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import ROUTES

app = Robyn(__file__)


@app.get("/")
async def hello():
    return "Hello World!"


@app.get("/json")
async def greet():
    return {"message": "Hello World!"}


@app.post("/form")
async def form(request):
    return parse_qs(text(request.body))["name"][0]


@app.post("/upload")
async def upload(request):
    return str(len(request.body))


def text(body):
    return body if isinstance(body, str) else bytes(body).decode()


async def page(request):
    return f"page {int(request.path_params['number'])}"


for route in ROUTES:
    app.get(route + "/:number")(page)
app.start(host="127.0.0.1", port=int(os.environ["PORT"]))
