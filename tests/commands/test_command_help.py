"""Every command explains itself, with an example of its own."""

import pytest
from command_line import Telefonist
from typer.models import CommandInfo

from voice.commands.app import app


def names() -> list[list[str]]:
    alone = [[_name(command)] for command in app.registered_commands]
    return alone + [
        [str(group.name), _name(command)]
        for group in app.registered_groups
        if group.typer_instance is not None
        for command in group.typer_instance.registered_commands
    ]


def _name(command: CommandInfo) -> str:
    assert command.callback is not None
    return command.name or command.callback.__name__


def test_the_commands_are_those_that_were_promised():
    assert {" ".join(name) for name in names()} == {
        *("demo", "replay", "hear", "understand", "code", "talk", "prompts", "check"),
        *("bench", "dialogue", "model", "serve", "web", "calls list", "calls show"),
        *("divert set", "divert clear", "divert list"),
        *("extension add", "extension change", "extension list", "extension remove"),
        *("extension import", "extension sync"),
        *("pin set", "pin clear", "pin unlock"),
        *("calendar explain", "calendar link", "calendar unlink", "calendar status"),
        *("calendar check", "calendar sync", "calendar conformance"),
        "calendar advice",
        *("user add", "user change", "user list", "user remove"),
        *("user password", "user unlock", "key add", "key list", "key remove"),
        *("hook add", "hook list", "hook resume", "hook remove"),
        *("person export", "person erase", "retention run"),
    }


@pytest.mark.parametrize("name", names(), ids=" ".join)
def test_help_ends_with_an_example_of_the_command(
    telefonist: Telefonist, name: list[str]
):
    told = telefonist(*name, "--help")
    assert (told.code, told.err) == (0, "")
    assert f"Example: telefonist {' '.join(name)}" in told.out


def test_without_a_command_the_help_is_shown(telefonist: Telefonist):
    told = telefonist()
    assert "telefonist demo" in told.out + told.err
