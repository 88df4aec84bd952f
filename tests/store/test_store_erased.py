"""What is erased from a file is not in it any more, to the last byte."""

from datetime import timedelta

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
