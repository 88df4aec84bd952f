"""What is erased from a file is not in it any more, to the last byte."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from store_samples import ANNA, LUNCH, NOW, sets
from store_told import call_of, says, told

from voice.store.database import open_store
from voice.store.marks_port import Misheard
from voice.store.person import erase_person

LATER = NOW + timedelta(days=1)
SAID = "hemligheten knappologi"


async def test_no_word_of_an_erased_call_is_left(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        for number in range(30):
            call = await told(store, call_of(number), *[says(SAID)] * 5)
            await store.marks.put(Misheard(call.id, 0, SAID, "eva", NOW))
    assert b"knappologi" in path.read_bytes()
    async with open_store(str(path)) as store:
        await store.retention.erase_before(LATER, LATER, "gallring")
    assert b"knappologi" not in path.read_bytes()
    assert b"CallsErased" in path.read_bytes()


async def test_no_name_of_an_erased_person_is_left(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        await store.directory.add(ANNA, NOW, "eva")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await told(store, call_of(1, None), says(f"sök {ANNA.name}"))
        await told(store, call_of(2), says(SAID))
    assert "Öström".encode() in path.read_bytes()
    async with open_store(str(path)) as store:
        await erase_person(store, ANNA.extension, LATER, "eva")
    held = path.read_bytes()
    for gone in ("Öström", "öström", "knappologi", "LUN"):
        assert gone.encode() not in held
    assert b"PersonErased" in held


async def test_no_word_of_an_erased_call_is_left_beside_the_file(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        await told(store, call_of(1), says(SAID))
        assert b"knappologi" in _all_files(path)
        await store.retention.erase_before(LATER, LATER, "gallring")
        assert b"knappologi" not in _all_files(path)


async def test_no_name_of_an_erased_person_is_left_beside_the_file(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        await store.directory.add(ANNA, NOW, "eva")
        await told(store, call_of(1, None), says(f"sök {ANNA.name}"))
        assert "Öström".encode() in _all_files(path)
        await erase_person(store, ANNA.extension, LATER, "eva")
        for gone in ("Öström", "öström"):
            assert gone.encode() not in _all_files(path)


async def test_erasing_goes_on_while_others_read(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        await told(store, call_of(1), says(SAID))
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM calls").fetchall()
            assert await store.retention.erase_before(LATER, LATER, "gallring") == 1
        # The next one does what was left.
        assert await store.retention.erase_before(LATER, LATER, "gallring") == 0
        assert b"knappologi" not in _all_files(path)


def _all_files(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
