import guava


class IndexController(guava.controller.Controller):
    def index(self):
        return "Hello World!"
