"""The document of the API is true: whatever it allows is asked, over real HTTP."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, checks
from schemathesis.specs.openapi import checks as of_document
from web_programs import key_for
from web_served import PATIENCE, served_web

from voice.store.database import open_store
from voice.store.keys_port import Scope

MORE = "requests_a_second = 10000"
DOCUMENT = "/api/v1/openapi.json"
# What is generated is told apart from what is allowed where the rules look at more than
# the form: a time that has been, or a cursor that nobody was given, is refused.
CHECKS = [
    checks.not_a_server_error,
    of_document.status_code_conformance,
    of_document.content_type_conformance,
    of_document.response_schema_conformance,
    of_document.negative_data_rejection,
]
MANY = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


async def test_whatever_is_asked_is_answered_as_the_document_says(tmp_path: Path):
    async with served_web(tmp_path, more=MORE) as served:
        async with open_store(f"sqlite:///{tmp_path}/telefonist.db") as store:
            whole = await key_for(store, *Scope)
            narrow = [await key_for(store, scope, name=scope) for scope in Scope]
        assert await asyncio.to_thread(ask_all, served.address, whole, MANY) > 100
        few = settings(MANY, max_examples=2)
        for secret in narrow:
            assert await asyncio.to_thread(ask_all, served.address, secret, few) > 30
        assert "Traceback" not in "".join(served.told)
        assert await served.end() == 0


def ask_all(address: str, secret: str, how: settings) -> int:
    """Ask for all that the document allows, and what it does not; return how often."""
    asked, headers = 0, {"Authorization": f"Bearer {secret}"}
    with httpx.Client(
        base_url=address, headers=headers, trust_env=False, timeout=PATIENCE
    ) as client:
        document = client.get(DOCUMENT).json()
        for strategy in strategies(document):

            @how
            @given(case=strategy)
            def ask(case: Case) -> None:
                nonlocal asked
                asked += 1
                answer = send(client, case)
                if answer.status_code != 403:
                    case.validate_response(answer, checks=CHECKS)
                else:
                    assert answer.json()["type"].endswith(":no_scope")

            # Where anything will do, nothing can be asked wrongly.
            with suppress(Unsatisfiable):
                ask()
    return asked


def strategies(document: dict[str, Any]) -> Iterator:
    """Yield what can be asked of each operation, rightly and wrongly."""
    for operations in document["paths"].values():
        for operation in operations.values():
            # The key goes with every question; tests of keys leave it out.
            del operation["security"]
    schema = schemathesis.openapi.from_dict(document)
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            yield found.ok().as_strategy(mode)


def send(client: httpx.Client, case: Case) -> httpx.Response:
    told = case.as_transport_kwargs(str(client.base_url))
    named = {key: told[key] for key in ("method", "url", "params") if key in told}
    headers = [
        (name.encode(), str(value).encode("latin-1", "replace"))
        for name, value in told["headers"].items()
    ]
    body = told.get("data")
    if "json" in told:
        return client.request(**named, headers=headers, json=told["json"])
    if isinstance(body, str):
        body = body.encode()
    return client.request(**named, headers=headers, content=body)
