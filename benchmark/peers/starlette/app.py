"""The application in Starlette."""

import os
import sys

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import PAGES, SECTIONS


async def hello(request):
    return HTMLResponse("Hello World!")


async def greet(request):
    return JSONResponse({"message": "Hello World!"})


async def page(request):
    return HTMLResponse(f"page {request.path_params['number']}")


async def form(request):
    fields = await request.form()
    return HTMLResponse(fields["name"])


async def upload(request):
    return HTMLResponse(str(len(await request.body())))


async def visit(request):
    visits = request.session.get("visits", 0) + 1
    request.session["visits"] = visits
    return HTMLResponse(f"visit {visits}")


pages = [Route(f"/page{i}/{{number:int}}", page) for i in PAGES]

# Sessions stand around the one route that has them, so that no other pays for them.
sessions = [Middleware(SessionMiddleware, secret_key="a benchmark has no secrets")]
application = Starlette(
    routes=[
        Route("/", hello),
        Route("/json", greet),
        Route("/form", form, methods=["POST"]),
        Route("/upload", upload, methods=["POST"]),
        Route("/session", visit, middleware=sessions),
        Mount("/static", StaticFiles(directory=os.environ["SITE"])),
        Mount("/pages", routes=[Mount(f"/section{i}", routes=pages) for i in SECTIONS]),
    ]
)
