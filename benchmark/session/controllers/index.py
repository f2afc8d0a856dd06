import guava


class IndexController(guava.controller.Controller):
    def index(self):
        return "Hello World!"

    def read(self):
        return f"Hello {self.SESSION['name']}!"

    def change(self):
        self.SESSION["visits"] = self.SESSION.get("visits", 0) + 1
        return "Hello World!"

    def begin(self):
        self.SESSION.update(user=10, name="World", roles=["editor", "author"])
        return ""
