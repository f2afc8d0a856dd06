"""The application in Django.  Of its middleware it has the one that gives answers their
length, and on one route the one for sessions."""

import os
import sys

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from django.utils.decorators import decorator_from_middleware

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "plain"))
from routes import PAGES, SECTIONS

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="a benchmark has no secrets",
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    DATA_UPLOAD_MAX_MEMORY_SIZE=4 << 20,
)


def hello(request):
    return HttpResponse("Hello World!")


def greet(request):
    return JsonResponse({"message": "Hello World!"})


def page(request, number):
    return HttpResponse(f"page {number}")


def form(request):
    return HttpResponse(request.POST["name"])


def upload(request):
    return HttpResponse(str(len(request.body)))


@decorator_from_middleware(SessionMiddleware)
def visit(request):
    visits = request.session.get("visits", 0) + 1
    request.session["visits"] = visits
    return HttpResponse(f"visit {visits}")


pages = [path(f"page{i}/<int:number>", page) for i in PAGES]
urlpatterns = [
    path("", hello),
    path("json", greet),
    path("form", form),
    path("upload", upload),
    path("session", visit),
    path("pages/", include([path(f"section{i}/", include(pages)) for i in SECTIONS])),
]
application = get_wsgi_application()
