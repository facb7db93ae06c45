"""People at their browsers: signed in by a session, sending the forms that pages gave them."""

import re
from html import unescape
from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff import seats
from registry.domain.people import Person
from registry.web.visit import SESSION

ORIGIN = {"sec-fetch-site": "same-origin"}
_INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden_of(answer: Any) -> dict[str, str]:
    """What the form of a page sends besides what is typed."""
    form = answer.text.rpartition("<main")[2]
    return {name: unescape(value) for name, value in _INPUT.findall(form)}


class Seat:
    """One person before one browser."""

    def __init__(self, client: TestClient[Any], office: Office, username: str) -> None:
        person = office.store.reader.person_named(username)
        assert isinstance(person, Person)
        self.client, self.office, self.person = client, office, person
        self.secret = seats.seat(office, person, seats.From(address="192.0.2.7")).secret

    def headers(self, **more: str) -> dict[str, str]:
        return {"cookie": f"{SESSION}={self.secret}"} | ORIGIN | more

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers(), follow_redirects=False)

    def hidden(self, path: str) -> dict[str, str]:
        """What a form sends besides what is typed."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return self.sent(answer)

    def sent(self, answer: Any) -> dict[str, str]:
        """The same of a page that is there already."""
        return hidden_of(answer)

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        return self.client.post(
            path, data=data or {}, headers=self.headers(), follow_redirects=False, **more
        )

    def hand_in(self, path: str, **typed: Any) -> Any:
        """The form of a page filled and sent."""
        return self.post(path, self.hidden(path) | typed)
