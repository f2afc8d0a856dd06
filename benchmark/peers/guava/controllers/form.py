from guava.controller import Controller


class FormController(Controller):
    def index(self):
        return self.POST["name"]
