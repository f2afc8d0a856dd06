"""For tests of applications.

    with guava.testing.Client("guava.yaml") as client:
        answer = client.get("/greeting/to/Ada")
        assert answer.json() == {"hello": "Ada"}

`Client` asks the application in the test's own process, through the real engine.
docs/testing.md has it all.
"""

from guava.testing.answer import Answer, Fields
from guava.testing.client import Client
from guava.testing.cookies import Cookies

__all__ = ["Answer", "Client", "Cookies", "Fields"]
