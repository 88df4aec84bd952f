"""The addresses that people type, and those that mean nothing."""

import os
from pathlib import Path

import pytest
from store_samples import ANNA, NOW

from voice.store.address import InMemory, Postgresql, SqliteFile, read_address
from voice.store.database import open_store
from voice.store.port import StoreError


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("sqlite:////srv/voice.db", Path("/srv/voice.db")),
        ("sqlite:///voice.db", Path.cwd() / "voice.db"),
        ("/srv/voice.db", Path("/srv/voice.db")),
        ("växel/röst 1.db", Path.cwd() / "växel/röst 1.db"),
        ("~/voice.db", Path.home() / "voice.db"),
        ("~nobody-we-know/voice.db", Path.cwd() / "~nobody-we-know/voice.db"),
    ],
)
def test_a_file_is_named_by_its_path(typed, path):
    assert read_address(typed) == SqliteFile(path)


def test_memory_has_no_place():
    assert read_address("memory:") == InMemory()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sqlite://",
        "sqlite:///",
        "sqlite://voice.db",
        "sqlite:voice.db",
        "memory:x",
        "mysql://localhost/voice",
        "postgresql:/localhost/voice",
        "postgresql+asyncpg://localhost/voice",
        "sqlite:///mysql://voice.db",
        "voice\0.db",
    ],
)
def test_anything_else_is_told_what_to_write(typed):
    with pytest.raises(StoreError, match=r"sqlite:///.*postgresql://.*memory:"):
        read_address(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("postgresql://bo:s3cret@db.example/voice", "db.example/voice"),
        ("postgresql://bo:s3cret@db.example:5433/voice?sslmode=require", ":5433/voice"),
        ("postgresql://bo:p/s3cret@db.example/voice", "db.example/voice"),
        ("postgresql://bo:p@s3cret@db.example/voice", "db.example/voice"),
        ("postgresql://bo:p?s3cret@db.example/voice", "postgresql://..."),
        ("postgresql://db.example/voice?password=s3cret", "db.example/voice"),
        ("postgresql://db.example/voice?password=p@s3cret", "postgresql://..."),
    ],
)
def test_a_password_is_never_shown(typed, shown):
    address = read_address(typed)
    assert address == Postgresql(typed, address.shown)
    assert address.shown.endswith(shown)
    assert "s3cret" not in address.shown


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://bo:s3cret@localhost:first/voice",
        "postgresql://bo:s3cret@localhost/voice?sslmode=perhaps",
        "postgresql://bo:s3cret@[localhost/voice",
    ],
)
async def test_a_broken_server_address_is_one_sentence(typed):
    with pytest.raises(StoreError, match="cannot be understood: write") as caught:
        async with open_store(typed):
            pass
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_memory_can_be_opened():
    async with open_store("memory:") as store:
        assert await store.directory.list() == ()


async def test_a_server_that_does_not_answer():
    with pytest.raises(
        StoreError, match=r"localhost:1/voice cannot be reached"
    ) as caught:
        async with open_store("postgresql://bo:s3cret@localhost:1/voice"):
            pass
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
@pytest.mark.parametrize(("there", "mode"), [(False, 0o600), (True, 0o640)])
async def test_a_new_file_is_its_owners_alone_and_an_old_one_is_left(
    tmp_path: Path, there: bool, mode: int
):
    path = tmp_path / "voice.db"
    if there:
        path.touch()
        path.chmod(mode)
    async with open_store(str(path)) as store:
        await store.directory.put([ANNA], NOW, "test")
        found = modes(tmp_path)
    assert found == [mode] * 3


def modes(folder: Path) -> list[int]:
    return [each.stat().st_mode & 0o777 for each in folder.iterdir()]
