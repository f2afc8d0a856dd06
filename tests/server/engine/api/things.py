import guava


class ThingsController(guava.controller.Controller):
    def get_all(self):
        return []

    def create_one(self):
        return {}

    def get_one(self, name):
        return {"name": name}

    def delete_one(self, name):
        return None
