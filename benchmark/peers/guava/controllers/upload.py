from guava.controller import Controller


class UploadController(Controller):
    def index(self):
        return str(len(self.request.body))
