from guava.controller import Controller


class JsonController(Controller):
    def index(self):
        return {"message": "Hello World!"}
