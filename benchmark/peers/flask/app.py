"""The application in Flask."""

import os
import sys

from flask import Flask, request, session

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import ROUTES

application = Flask(
    __name__, static_folder=os.environ["SITE"], static_url_path="/static"
)
application.secret_key = "a benchmark has no secrets"


@application.get("/")
def hello():
    return "Hello World!"


@application.get("/json")
def greet():
    return {"message": "Hello World!"}


@application.post("/form")
def form():
    return request.form["name"]


@application.post("/upload")
def upload():
    return str(len(request.get_data()))


@application.get("/session")
def visit():
    session["visits"] = session.get("visits", 0) + 1
    return f"visit {session['visits']}"


def page(number):
    return f"page {number}"


for route in ROUTES:
    application.add_url_rule(f"{route}/<int:number>", "page", page)
