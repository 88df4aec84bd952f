"""The API, put together: its routes, the document of them, and how often keys ask."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from voice.web.api import directory, diverts, document, transcripts
from voice.web.api.limits import rate
from voice.web.buckets import Buckets
from voice.web.settings import WebSettings

_TOLD = (diverts.routes, directory.routes, transcripts.routes)
ROUTERS = (*_TOLD, document.routes)
"""All that other programs may ask; a new one is in `_TOLD`, and so in the document."""


def open_api(app: FastAPI, settings: WebSettings) -> None:
    """Let other programs ask."""
    app.state.keys_asked = Buckets(rate(settings))
    for routes in ROUTERS:
        app.include_router(routes)
    app.state.document = _written()


# It takes as long as all else of a start, and says the same of every site.
@cache
def _written() -> Mapping[str, Any]:
    told = [route for routes in _TOLD for route in routes.routes]
    return document.written(told, version("telefonist"))
