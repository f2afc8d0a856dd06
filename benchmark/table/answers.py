from guava.controller import Controller


class AnswerController(Controller):
    def hello(self):
        return "Hello World!"
