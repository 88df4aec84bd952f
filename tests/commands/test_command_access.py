"""`key` and `hook`: shown once, listed without their secrets, and gone when removed."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import Telefonist

from voice.api_keys import key_of
from voice.store.database import open_store
from voice.store.keys_port import ApiKey

URL = "https://tavla.example.se/in?plats=1"
NEVER = datetime(2099, 1, 1, tzinfo=UTC)


def found(site: Path, secret: str) -> ApiKey | None:
    async def run() -> ApiKey | None:
        async with open_store(str(site / "site.db")) as store:
            return await key_of(store, secret, datetime.now(UTC))

    return asyncio.run(run())


def listed(telefonist: Telefonist, what: str) -> list[dict[str, object]]:
    told = telefonist(what, "list", "--json").out.splitlines()
    return [json.loads(line) for line in told]


def test_a_key_is_shown_once_and_opens_what_it_was_made_for(
    telefonist: Telefonist, site: Path
):
    scopes = ("--scope", "diverts:read", "--scope", "routes:read")
    secret = telefonist("key", "add", "växeln", *scopes).out.strip()
    assert secret.startswith("telefonist_")
    assert listed(telefonist, "key")[0]["last_used"] is None
    key = found(site, secret)
    assert key is not None
    assert key.scopes == {"diverts:read", "routes:read"}
    (line,) = listed(telefonist, "key")
    assert line["scopes"] == ["diverts:read", "routes:read"]
    assert line["last_used"] is not None
    assert line["expires"] is None
    shown = telefonist("key", "list").out + json.dumps(line)
    assert "växeln" in shown
    assert secret not in shown
    held = [file.read_bytes() for file in site.iterdir() if file.is_file()]
    assert not any(secret.encode() in each for each in held)


def test_a_key_is_told_to_a_program_with_its_end(telefonist: Telefonist):
    scope = ("--scope", "directory:read")
    told = telefonist("key", "add", "x", *scope, "--days", "30", "--json")
    made = json.loads(told.out)
    assert made["key"].startswith("telefonist_")
    lasts = datetime.fromisoformat(made["expires"]) - datetime.now(UTC)
    assert lasts.days in (29, 30)


def test_a_removed_key_opens_nothing(telefonist: Telefonist, site: Path):
    secret = telefonist("key", "add", "x", "--scope", "diverts:read").out.strip()
    for _ in range(2):
        assert telefonist("key", "remove", "x").out == "x is removed.\n"
    assert found(site, secret) is None
    assert "telefonist key add" in telefonist("key", "list").out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["key", "add", "x"], 1, "A key without a scope opens nothing"),
        (["key", "add", " ", "--scope", "diverts:read"], 1, "name the program"),
        (["key", "add", "x" * 65, "--scope", "diverts:read"], 1, "up to 64 letters"),
        (["key", "add", "a\tb", "--scope", "diverts:read"], 1, "up to 64 letters"),
        (["key", "add", "x", "--scope", "all"], 2, "diverts:read"),
        (["key", "add", "x", "--scope", "diverts:read", "--days", "0"], 2, "--days"),
        (["hook", "add", "http://tavla.example.se/in"], 1, "write https://"),
        (["hook", "add", "ftp://tavla.example.se/in"], 1, "no address that can be"),
        (["hook", "add", "https://bo:hem@tavla.example.se/"], 1, "leave them out"),
        (["hook", "add", URL, "--event", "divert.lost"], 2, "divert.begun"),
    ],
)
def test_what_cannot_be_made_is_said_and_not_kept(
    telefonist: Telefonist, arguments: list[str], code: int, says: str
):
    told = telefonist(*arguments)
    assert (told.code, told.out) == (code, "")
    assert says in told.err
    assert listed(telefonist, arguments[0]) == []


def test_a_key_of_the_same_name_is_refused(telefonist: Telefonist, site: Path):
    secret = telefonist("key", "add", "x", "--scope", "diverts:read").out.strip()
    told = telefonist("key", "add", "x", "--scope", "diverts:write")
    assert "telefonist key remove x" in told.err
    assert found(site, secret) is not None


def test_a_hook_is_made_listed_and_removed(telefonist: Telefonist):
    made = json.loads(telefonist("hook", "add", URL, "--json").out)
    assert made["events"] == ["divert.begun", "divert.changed", "divert.ended"]
    id, secret = telefonist("hook", "add", URL, "--event", "divert.ended").out.split()
    lines = {line["id"]: line for line in listed(telefonist, "hook")}
    assert set(lines) == {made["id"], id}
    assert lines[id]["events"] == ["divert.ended"]
    assert (lines[id]["url"], lines[id]["fault"]) == (URL, None)
    shown = telefonist("hook", "list").out + json.dumps(lines)
    assert id in shown
    for unseen in (secret, made["secret"]):
        assert len(unseen) >= 43
        assert unseen not in shown
    for _ in range(2):
        assert telefonist("hook", "remove", id).code == 0
    assert [line["id"] for line in listed(telefonist, "hook")] == [made["id"]]


def test_a_paused_hook_is_called_again(telefonist: Telefonist, site: Path):
    id, _ = telefonist("hook", "add", URL).out.split()

    async def pause() -> None:
        async with open_store(str(site / "site.db")) as store:
            (hooked,) = await store.hooks.list()
            paused = replace(hooked.hook, enabled=False)
            await store.hooks.put(paused, datetime.now(UTC), "webhooks")
            await store.hooks.failed(hooked.hook.id, "It answered 500.", NEVER)

    asyncio.run(pause())
    (line,) = listed(telefonist, "hook")
    assert (line["enabled"], line["fault"]) == (False, "It answered 500.")
    assert telefonist("hook", "resume", id).code == 0
    (line,) = listed(telefonist, "hook")
    assert (line["enabled"], line["fault"], line["due"]) == (True, None, None)
    told = telefonist("hook", "resume", "nobody")
    assert (told.code, "telefonist hook list" in told.err) == (1, True)


def test_nobody_is_called_yet(telefonist: Telefonist):
    assert "telefonist hook add" in telefonist("hook", "list").out
