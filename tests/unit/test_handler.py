import pytest

from guava.handler import Handler, RedirectHandler, StaticHandler

VIEW = {"module": "post", "controller": "PostController", "action": "view"}


def test_the_package_is_none_unless_named():
    assert Handler(**VIEW).package == "."
    assert Handler(**VIEW).import_name == "post"
    assert Handler("controllers", **VIEW).import_name == "controllers.post"


def test_cls_is_another_name_of_controller():
    handler = Handler(module="post", cls="PostController", action="view")
    assert handler == Handler(**VIEW)
    assert handler.cls == handler.controller == "PostController"


@pytest.mark.parametrize("missing", VIEW)
def test_module_controller_and_action_are_needed(missing):
    with pytest.raises(TypeError):
        Handler(**{name: value for name, value in VIEW.items() if name != missing})


def test_cls_and_controller_together_are_refused():
    with pytest.raises(TypeError):
        Handler(**VIEW, cls="PostController")


def test_equal_handlers_have_equal_hashes():
    one, same = Handler(**VIEW, args=["10"]), Handler(**VIEW, args=("10",))
    assert one == same
    assert hash(one) == hash(same)
    assert one != Handler(**VIEW, args=("11",))
    assert one != "PostController"


def test_a_handler_shows_how_it_is_made():
    handler = Handler("controllers", **VIEW, args=("10",))
    assert eval(repr(handler)) == handler
    assert eval(repr(StaticHandler("/a"))) == StaticHandler("/a")
    assert eval(repr(RedirectHandler("/a", 301))) == RedirectHandler("/a", 301)


def test_files_and_redirections_compare_by_what_they_lead_to():
    assert len({StaticHandler("/a"), StaticHandler("/a"), StaticHandler("/b")}) == 2
    assert len({RedirectHandler("/a"), RedirectHandler("/a", 301)}) == 2
    assert StaticHandler("/a") != RedirectHandler("/a")


def test_a_redirection_needs_a_status_of_its_kind():
    with pytest.raises(ValueError, match="200"):
        RedirectHandler("/", 200)
