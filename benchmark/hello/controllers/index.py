from guava.controller import Controller


class IndexController(Controller):
    def index(self):
        return "Hello World!"
