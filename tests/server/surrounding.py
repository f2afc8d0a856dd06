"""Middleware that tests put around a server, and what it may raise."""

from guava.errors import Forbidden


class Note:
    """Writes down when its turn comes."""

    def __init__(self, name, notes):
        self.name = name
        self.notes = notes

    def process_request(self, request):
        self.notes.append(f"{self.name} in {request.path}")

    def process_response(self, request, response):
        self.notes.append(f"{self.name} out {response.status}")
        response.set_header(f"X-{self.name}", "was here")


class Early(Note):
    """Answers by itself."""

    def __init__(self, name, notes, answer):
        super().__init__(name, notes)
        self.answer = answer

    def process_request(self, request):
        super().process_request(request)
        return self.answer()


class On:
    """process_response is a function of its own."""

    def __init__(self, process_response):
        self.process_response = process_response


def refuse():
    raise Forbidden("not you")


def divide():
    return 1 // 0
