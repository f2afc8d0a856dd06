"""Collections below collections, through a live guavad."""

import httpx
import pytest

WAY = ("shops", "floors", "shelves", "boxes", "parts")
ACTIONS = {
    "get_all": "",
    "create_one": "",
    "get_one": ", id: int",
    "update_one": ", id: int",
    "patch_one": ", id: int",
    "delete_one": ", id: int",
}


def controller(name, above, actions=ACTIONS):
    """The source of one that tells what has been called with what."""
    lines = ["import guava", "", f"class {name}(guava.controller.Controller):"]
    for action, own in actions.items():
        takes = "".join(f", {collection}: int" for collection in above) + own
        lines.append(f"    def {action}(self{takes}):")
        lines.append(f"        return ['{name}', '{action}', [*locals().values()][1:]]")
    return "\n".join(lines) + "\n"


@pytest.fixture
def site(make_guavad):
    """Packages and modules; floors is a folder that only leads on."""
    daemon = make_guavad(
        server={"workers": 1},
        routers=[{"type": "rest", "mount_point": "/api", "package": "api"}],
    )
    folder = "api"
    for depth, name in enumerate(WAY):
        only = {"get_one": ", id: int"} if name == "boxes" else ACTIONS
        text = controller(f"{name.capitalize()}Controller", WAY[:depth], only)
        last = name == WAY[-1]
        folder = f"{folder}/{name}"
        if name != "floors":
            daemon.write(f"{folder}.py" if last else f"{folder}/__init__.py", text)
    daemon.write("api/shops/people.py", controller("IndexController", ("shops",)))
    daemon.start()
    return daemon


def allowed(answer):
    return set(answer.headers["Allow"].split(", "))


def test_five_collections_deep(site):
    collection = "/api/shops/1/floors/2/shelves/3/boxes/4/parts"
    for method, path, action, args in [
        ("GET", collection, "get_all", [1, 2, 3, 4]),
        ("POST", collection, "create_one", [1, 2, 3, 4]),
        ("GET", f"{collection}/5", "get_one", [1, 2, 3, 4, 5]),
        ("PUT", f"{collection}/5", "update_one", [1, 2, 3, 4, 5]),
        ("PATCH", f"{collection}/5/", "patch_one", [1, 2, 3, 4, 5]),
        ("DELETE", f"{collection}/5", "delete_one", [1, 2, 3, 4, 5]),
    ]:
        answer = httpx.request(method, site.url(path))
        assert answer.status_code == 200, (method, path)
        assert answer.json() == ["PartsController", action, args], (method, path)


def test_each_depth_has_actions_of_its_own(site):
    for path, name, args in [
        ("/api/shops/1", "ShopsController", [1]),
        ("/api/shops/1/people/7", "IndexController", [1, 7]),
        ("/api/shops/1/floors/2/shelves/3", "ShelvesController", [1, 2, 3]),
        ("/api/shops/1/floors/2/shelves/3/boxes/4", "BoxesController", [1, 2, 3, 4]),
    ]:
        assert site.get(path).json() == [name, "get_one", args]


def test_a_method_that_a_deep_resource_does_not_take(site):
    parts = site.url("/api/shops/1/floors/2/shelves/3/boxes/4/parts")
    answer = httpx.delete(parts)
    assert answer.status_code == 405
    assert allowed(answer) == {"GET", "HEAD", "POST", "OPTIONS"}
    answer = httpx.post(f"{parts}/5")
    assert answer.status_code == 405
    assert allowed(answer) == {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}
    answer = httpx.put(site.url("/api/shops/1/floors/2/shelves/3/boxes/4"))
    assert answer.status_code == 405
    assert allowed(answer) == {"GET", "HEAD", "OPTIONS"}


def test_options_and_head_of_a_deep_resource(site):
    part = site.url("/api/shops/1/floors/2/shelves/3/boxes/4/parts/5")
    answer = httpx.options(part)
    assert (answer.status_code, answer.text) == (204, "")
    assert allowed(answer) == {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}
    head, whole = httpx.head(part), httpx.get(part)
    assert (head.status_code, head.text) == (200, "")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/shops/1/floors",
        "/api/shops/1/floors/2",
        "/api/shops/1/floors/2/shelves/3/boxes",
        "/api/shops/1/floors/2/shelves/3/boxes/4/parts/five",
        "/api/shops/one/floors/2/shelves",
        "/api/shops/1/shelves/3",
        "/api/shops/1/floors/2/shelves/3/boxes/4/parts/5/parts",
        "/api/shops//floors/2/shelves",
    ],
)
def test_what_no_depth_has_is_not_found(site, path):
    assert site.get(path).status_code == 404
