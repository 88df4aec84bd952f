"""Google's own library, asking the stand-in as anybody would ask Google."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.service_account import Credentials
from google_samples import ANNA
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.fakes.google import GoogleStandIn
from tests.fakes.google_tokens import SCOPES


class Library:
    """Gives the API's events as one person's programs see them."""

    def __init__(self, google: GoogleStandIn) -> None:
        self._google = google
        self.opened: list[httplib2.Http] = []

    def __call__(self, owner: str = ANNA, scope: str = "calendar.events.owned") -> Any:
        key = Credentials.from_service_account_info(
            self._google.key, scopes=[SCOPES + scope]
        )
        http = httplib2.Http(timeout=10)
        self.opened.append(http)
        way = google_auth_httplib2.AuthorizedHttp(key.with_subject(owner), http)
        options = {"api_endpoint": self._google.endpoint}
        api = build(
            "calendar", "v3", http=way, client_options=options, static_discovery=True
        )
        return api.events()


@contextmanager
def library(google: GoogleStandIn) -> Iterator[Library]:
    opened = Library(google)
    try:
        yield opened
    finally:
        for http in opened.opened:
            http.close()


def refused(request: Any) -> tuple[int, str]:
    """Carry out what must be refused, and return status and reason."""
    with pytest.raises(HttpError) as raised:
        request.execute()
    error = json.loads(raised.value.content)["error"]
    return error["code"], error["errors"][0]["reason"]
