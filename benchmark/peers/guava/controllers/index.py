from guava.controller import Controller


class IndexController(Controller):
    def index(self):
        return "Hello World!"

    def number(self, number: int):
        return "Hello World!"
