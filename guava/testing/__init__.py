"""For tests of applications.

    with guava.testing.Client("guava.yaml") as client:
        answer = client.get("/greeting/to/Ada")
        assert answer.json() == {"hello": "Ada"}

`Client` asks the application in the test's own process, through the real engine;
`Guavad` is a guavad that runs beside it, on a port of its own. `guava.testing.plugin`
makes fixtures of both. docs/testing.md has it all.
"""

from guava.testing.answer import Answer, Fields
from guava.testing.client import Client
from guava.testing.cookies import Cookies
from guava.testing.daemon import Guavad

__all__ = ["Answer", "Client", "Cookies", "Fields", "Guavad"]
