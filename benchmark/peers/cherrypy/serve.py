"""The application in CherryPy, on its own server in production mode."""

import os

import cherrypy


class Root:
    @cherrypy.expose
    def index(self):
        return "Hello World!"

    @cherrypy.expose
    @cherrypy.tools.json_out()
    def json(self):
        return {"message": "Hello World!"}

    @cherrypy.expose
    def form(self, name, message):
        return name

    @cherrypy.expose
    def upload(self):
        return str(len(cherrypy.request.body.read()))

    @cherrypy.expose
    @cherrypy.config(**{"tools.sessions.on": True})
    def session(self):
        visits = cherrypy.session.get("visits", 0) + 1
        cherrypy.session["visits"] = visits
        return f"visit {visits}"


cherrypy.config.update(
    {
        "environment": "production",
        "server.socket_host": "127.0.0.1",
        "server.socket_port": int(os.environ["PORT"]),
        "server.socket_queue_size": 2048,
        "log.screen": False,
    }
)
site = {"tools.staticdir.on": True, "tools.staticdir.dir": os.environ["SITE"]}
cherrypy.quickstart(Root(), config={"/static": site})
