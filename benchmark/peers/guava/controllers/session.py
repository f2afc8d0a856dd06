from guava.controller import Controller


class SessionController(Controller):
    def index(self):
        visits = self.SESSION.get("visits", 0) + 1
        self.SESSION["visits"] = visits
        return f"visit {visits}"

    def read(self):
        return f"visit {self.SESSION.get('visits', 0)}"
