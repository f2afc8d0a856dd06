import pytest

from guava.disposition import build


@pytest.mark.parametrize(
    ("filename", "value"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("a b;c.txt", 'attachment; filename="a b;c.txt"'),
        (
            "caf\u00e9.txt",
            "attachment; filename=\"caf_.txt\"; filename*=UTF-8''caf%C3%A9.txt",
        ),
        ('a"b\\c', "attachment; filename=\"a_b_c\"; filename*=UTF-8''a%22b%5Cc"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ("a\r\nX: y", 'attachment; filename="a__X: y"'),
        ("../up", "attachment; filename=\".._up\"; filename*=UTF-8''..%2Fup"),
        ("\ud800", "attachment; filename=\"_\"; filename*=UTF-8''%3F"),
    ],
)
def test_every_client_gets_a_name_that_it_can_read(filename, value):
    assert build("attachment", filename) == value


def test_a_file_is_shown_or_saved():
    assert build("inline", "a") == 'inline; filename="a"'
    with pytest.raises(ValueError, match="form-data"):
        build("form-data", "a")
