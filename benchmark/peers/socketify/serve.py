"""socketify's own interface, after its documentation's basics."""

import os

from socketify import App, AppListenOptions


def hello(response, request):
    response.end("Hello World!")


def greet(response, request):
    response.end({"message": "Hello World!"})


async def form(response, request):
    fields = await response.get_form_urlencoded()
    response.end(fields["name"])


async def upload(response, request):
    body = await response.get_data()
    response.end(str(len(body.getvalue())))


for _ in range(int(os.environ["WORKERS"]) - 1):
    if os.fork() == 0:
        break
app = App()
app.get("/", hello)
app.get("/json", greet)
app.post("/form", form)
app.post("/upload", upload)
app.listen(AppListenOptions(port=int(os.environ["PORT"]), host="127.0.0.1"))
app.run()
