"""What people are called on pages: as the directory has it, and asked for once."""

import pytest
from web_house import ANNA, BO, NOW

from voice.divert.model import Extension
from voice.store.memory import memory_store
from voice.store.port import Listing
from voice.web import names as names_file
from voice.web.names import Names
from voice.web.pieces import Pieces
from voice.web.staff import Staff


async def test_who_is_in_the_directory_has_a_name_and_others_none():
    store = memory_store()
    await store.directory.put([Listing(ANNA, "Anna Berg")], NOW, "test")
    names = Names(Staff(store.directory))
    assert await names.of({ANNA, BO, Extension("")}) == {ANNA: "Anna Berg"}


async def test_a_new_name_is_known_when_the_directory_has_changed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(names_file, "_HOLDS_SECONDS", 0.0)
    store = memory_store()
    await store.directory.put([Listing(ANNA, "Anna Berg")], NOW, "test")
    names = Names(Staff(store.directory))
    assert await names.of({ANNA}) == {ANNA: "Anna Berg"}
    await store.directory.put([Listing(ANNA, "Anna Ek")], NOW, "test")
    assert await names.of({ANNA}) == {ANNA: "Anna Ek"}
    await store.directory.remove(ANNA, NOW, "test")
    assert await names.of({ANNA}) == {}


def test_a_piece_is_made_once_and_the_oldest_are_let_go_of():
    pieces, made = Pieces(), list[int]()

    def make(number: int) -> str:
        made.append(number)
        return str(number)

    for number in (*range(1500), *range(500, 1500)):
        assert pieces.get(number, lambda n=number: make(n)) == str(number)
    assert made == [*range(1500)]
