import os

import pytest

import guava
from guava import _core, convention, loading
from guava.handler import Handler, RedirectHandler, StaticHandler
from guava.importing import LoadError, describe

POST = """
    import guava

    class PostController(guava.controller.Controller):
        def view(self, id: int): ...
        def about(self): ...
"""


def messages(group):
    return [str(error) for error in group.exceptions]


def post(name, args=()):
    return Handler("controllers", "post", "PostController", name, args)


def faults_of(load, package):
    with pytest.raises(ExceptionGroup) as caught:
        load(package)
    return messages(caught.value)


# Packages of pages


def test_the_controllers_of_a_package_by_module(app):
    app({"controllers/post.py": POST, "controllers/__init__.py": ""})
    assert {n: c.__name__ for n, c in loading.mvc("controllers").items()} == {
        "post": "PostController"
    }


def test_a_folder_without_init_is_a_package_too(app):
    app({"controllers/post.py": POST})
    assert list(loading.mvc("controllers")) == ["post"]


def test_modules_without_a_controller_are_helpers(app):
    app(
        {
            "controllers/post.py": POST,
            "controllers/dates.py": "from controllers.post import PostController",
            "controllers/_base.py": "raise RuntimeError('never imported')",
        }
    )
    assert list(loading.mvc("controllers")) == ["post"]


def test_a_missing_package_is_told(app):
    app({})
    with pytest.raises(LoadError, match="there is no package contrullers") as caught:
        loading.mvc("contrullers")
    assert caught.value.key == "package"


def test_a_module_is_no_package(app):
    app({"controllers.py": ""})
    with pytest.raises(LoadError, match="controllers is a module, not a package"):
        loading.mvc("controllers")


def test_the_folder_itself_is_no_package():
    with pytest.raises(LoadError, match='found "\\."'):
        loading.mvc(".")


def test_a_failing_import_is_told_with_its_place(app):
    app({"controllers/post.py": "import os\n\nprint(x)\n"})
    assert faults_of(loading.mvc, "controllers") == [
        "package controllers: controllers/post.py:3: NameError: name 'x' is not defined"
    ]


def test_the_place_is_the_applications_own_even_where_a_library_failed(app):
    app({"controllers/post.py": "import json\n\njson.loads('{')\n"})
    [fault] = faults_of(loading.mvc, "controllers")
    assert fault.startswith(
        "package controllers: controllers/post.py:3: JSONDecodeError: "
    )


def test_the_place_may_be_in_a_folder_whose_name_begins_as_that_of_guava():
    folder = os.path.dirname(guava.__file__)
    code = compile("print(x)", f"{folder}_shop/post.py", "exec")
    with pytest.raises(NameError) as caught:
        exec(code, {})
    assert "guava_shop/post.py:1: NameError" in describe(caught.value)


def test_a_syntax_error_is_told_with_its_place(app):
    app({"controllers/post.py": "x = 1\ndef view(:\n"})
    [fault] = faults_of(loading.mvc, "controllers")
    assert fault.startswith("package controllers: controllers/post.py:2: SyntaxError: ")


def test_a_missing_dependency_is_told_where_it_is_imported(app):
    app({"controllers/post.py": "import nonexistent_module"})
    [fault] = faults_of(loading.mvc, "controllers")
    assert fault.endswith(
        "controllers/post.py:1: "
        "ModuleNotFoundError: No module named 'nonexistent_module'"
    )


def test_a_module_that_exits_is_told(app):
    app({"controllers/post.py": "raise SystemExit('enough')"})
    [fault] = faults_of(loading.mvc, "controllers")
    assert fault.endswith("controllers/post.py:1: SystemExit: enough")


def test_a_package_that_fails_by_itself_is_told(app):
    app({"controllers/__init__.py": "1 / 0"})
    with pytest.raises(LoadError) as caught:
        loading.mvc("controllers")
    assert str(caught.value) == (
        "package controllers: controllers/__init__.py:1: "
        "ZeroDivisionError: division by zero"
    )
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_all_faults_of_a_package_are_told(app):
    app(
        {"controllers/a.py": "1 / 0", "controllers/b.py": POST, "controllers/c.py": "x"}
    )
    assert len(faults_of(loading.mvc, "controllers")) == 3


def test_both_names_in_one_module_are_an_error(app):
    text = POST + "\n    class IndexController(guava.controller.Controller): ...\n"
    app({"controllers/post.py": text})
    assert faults_of(loading.mvc, "controllers") == [
        "package controllers: controllers/post.py: "
        "has both PostController and IndexController"
    ]


def test_a_controller_with_another_name_is_an_error(app):
    app({"controllers/post.py": POST.replace("PostController", "PostControler")})
    assert faults_of(loading.mvc, "controllers") == [
        "package controllers: controllers/post.py: "
        "expected PostController or IndexController, found PostControler"
    ]


def test_a_method_that_can_be_no_action_is_an_error(app):
    app({"controllers/post.py": POST.replace("id: int", "id, *, kind")})
    assert faults_of(loading.mvc, "controllers") == [
        "package controllers: controllers/post.py:5: "
        "view requires kind by keyword, which no URL can give"
    ]


FORM = """
    import guava
    from guava import action

    class PostController(guava.controller.Controller):
        @action(name="edit", methods=["GET"])
        def form(self, id): ...

        @action(name="edit", methods=["POST"])
        def save(self, id): ...

        @action(name="new-post")
        def new(self): ...

        def view(self): ...
"""


def test_actions_stand_under_the_names_that_they_are_given(app):
    app({"controllers/post.py": FORM})
    actions = loading.mvc_actions(loading.mvc("controllers"))["post"]
    assert {name: [a.name for a in found] for name, found in actions.items()} == {
        "edit": ["form", "save"],
        "new-post": ["new"],
        "view": ["view"],
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ('"POST"', '"HEAD"', 9, "save answers HEAD edit, as form does"),
        ('"new-post"', '"edit"', 12, "new answers GET edit, as form does"),
        ('"new-post"', '"view"', 15, "view answers GET view, as new does"),
        ("new(self)", "_new(self)", 12, "_new has @action, and can not be an action"),
        ("new(self)", "write(self)", 12, "write has @action, and can not be an action"),
    ],
)
def test_what_an_action_is_said_to_be_has_to_fit(app, old, new, line, fault):
    app({"controllers/post.py": FORM.replace(old, new)})
    assert faults_of(loading.mvc, "controllers") == [
        f"package controllers: controllers/post.py:{line}: {fault}"
    ]


def test_a_static_method_can_be_no_action_whatever_is_said(app):
    text = FORM.replace("@action(name", "@staticmethod\n        @action(name", 1)
    app({"controllers/post.py": text})
    assert faults_of(loading.mvc, "controllers") == [
        "package controllers: controllers/post.py:6: "
        "form has @action, and can not be an action"
    ]


def test_a_decorator_that_makes_no_sense_is_told_with_its_place(app):
    app({"controllers/post.py": FORM.replace('"POST"', '"SAVE"')})
    [fault] = faults_of(loading.mvc, "controllers")
    assert fault.startswith(
        "package controllers: controllers/post.py:9: ValueError: 'SAVE' is no method"
    )


# REST


def rest_module(name, body):
    return f"""
    import guava

    class {name}(guava.controller.Controller):
        {body}
"""


def test_a_resource_has_what_lies_in_its_package(app):
    users = rest_module("UsersController", "def get_one(self, id): ...")
    friends = rest_module("FriendsController", "def get_one(self, user, id): ...")
    app({"api/users/__init__.py": users, "api/users/friends.py": friends})
    resources = loading.rest("api")
    assert resources["users"].controller.__name__ == "UsersController"
    child = resources["users"].children["friends"]
    assert child.controller.__name__ == "FriendsController"
    assert child.children == {}
    assert isinstance(loading.rest_resource(resources["users"]), _core.Resource)


def test_a_package_without_a_controller_only_has_what_lies_below(app):
    friends = rest_module("FriendsController", "def get_one(self, user, id): ...")
    app({"api/users/__init__.py": "", "api/users/friends.py": friends})
    users = loading.rest("api")["users"]
    assert users.controller is None
    assert list(users.children) == ["friends"]


def test_a_folder_of_a_resource_needs_no_init(app):
    friends = rest_module("FriendsController", "def get_one(self, user, id): ...")
    app({"api/users/friends.py": friends, "api/texts/a.txt": "", "api/_x/y.py": "1/0"})
    resources = loading.rest("api")
    assert list(resources) == ["users"]
    assert list(resources["users"].children) == ["friends"]


def test_a_module_that_hides_a_folder_of_resources_is_told(app):
    users = rest_module("UsersController", "def get_all(self): ...")
    friends = rest_module("FriendsController", "def get_one(self, user, id): ...")
    app({"api/users.py": users, "api/users/friends.py": friends})
    assert faults_of(loading.rest, "api") == [
        "package api: api/users.py: hides the folder users, "
        "which it could be the __init__.py of"
    ]


def test_an_action_must_take_the_arguments_of_its_url(app):
    friends = rest_module("FriendsController", "def get_one(self, id): ...")
    app({"api/users/__init__.py": "", "api/users/friends.py": friends})
    assert faults_of(loading.rest, "api") == [
        "package api: api/users/friends.py:5: "
        "get_one takes 1 argument, and its URL has 2"
    ]


def test_other_methods_of_a_resource_are_no_actions(app):
    body = "def get_all(self): ...\n        def shape(self, user): ..."
    app({"api/users.py": rest_module("UsersController", body)})
    controller = loading.rest("api")["users"].controller
    assert convention.rest_names(controller) == ["get_all"]


def test_rest_goes_by_names_alone(app):
    body = "@guava.action(methods=['POST'])\n        def get_all(self): ..."
    app({"api/users.py": rest_module("UsersController", body)})
    assert faults_of(loading.rest, "api") == [
        "package api: api/users.py:5: get_all has @action, and REST goes by names alone"
    ]


# Handlers


def test_a_handler_leads_to_its_action(app):
    app({"controllers/post.py": POST})
    found = loading.target(post("view"))
    assert isinstance(found, _core.Action)
    assert (found.controller.__name__, found.name) == ("PostController", "view")


def test_files_and_redirections_need_no_application():
    assert isinstance(loading.target(StaticHandler("/etc/hostname")), _core.File)
    assert isinstance(loading.target(RedirectHandler("/ä")), _core.Redirect)


def test_a_resolver_keeps_what_it_has_found(app):
    app({"controllers/post.py": POST})
    resolve = loading.Resolver()
    assert resolve(post("view", ("1",))) is resolve(post("view", ("2",)))


@pytest.mark.parametrize(
    ("handler", "key", "message"),
    [
        (post("abuot"), "action", 'has no action "abuot"; did you mean "about"?'),
        (post("zzz"), "action", 'PostController has no action "zzz"'),
        (post("write"), "action", 'PostController has no action "write"'),
        (
            Handler("controllers", "post", "PostControler", "view"),
            "controller",
            'controllers.post has no controller "PostControler"; '
            'did you mean "PostController"?',
        ),
        (
            Handler("controllers", "pots", "PostController", "view"),
            "module",
            "there is no module controllers.pots",
        ),
        (
            Handler("nowhere", "post", "PostController", "view"),
            "package",
            "there is no package nowhere",
        ),
        (
            Handler(module="nowhere", controller="PostController", action="view"),
            "module",
            "there is no module nowhere",
        ),
    ],
)
def test_an_error_says_which_part_is_unknown(app, handler, key, message):
    app({"controllers/post.py": POST})
    with pytest.raises(LoadError) as caught:
        loading.target(handler)
    assert caught.value.key == key
    assert str(caught.value).endswith(message)


def test_constant_arguments_are_checked(app):
    app({"controllers/post.py": POST})
    loading.fixed_target(post("view", ("10",)))
    with pytest.raises(LoadError, match="view takes 1 argument, not 0") as caught:
        loading.fixed_target(post("view"))
    assert caught.value.key == "args"
    with pytest.raises(LoadError, match="ten"):
        loading.fixed_target(post("view", ("ten",)))


def test_a_route_must_leave_its_action_a_method(app):
    app({"controllers/post.py": FORM})
    found = loading.fixed_target(post("save", ("1",)), ["GET", "POST"])
    assert found.methods == ("POST",)
    with pytest.raises(LoadError, match="save answers none of GET, HEAD") as caught:
        loading.fixed_target(post("save", ("1",)), ["GET"])
    assert caught.value.key == "methods"


# Classes


def test_a_class_is_found_by_its_path(app):
    app({"my/routers.py": "class Moon: ..."})
    assert loading.find_class("my.routers.Moon").__name__ == "Moon"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("my.ruoters.Moon", "there is no module my.ruoters"),
        ("my.routers.Mon", 'my.routers has no class "Mon"; did you mean "Moon"?'),
        ("my.routers.value", 'my.routers has no class "value"'),
    ],
)
def test_a_class_that_is_not_there_is_told(app, path, message):
    app({"my/routers.py": "class Moon: ...\nvalue = 7\n"})
    with pytest.raises(LoadError) as caught:
        loading.find_class(path)
    assert caught.value.key == "class"
    assert str(caught.value) == message
