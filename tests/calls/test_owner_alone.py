"""What is said of a calendar is heard by its owner, and by nobody else."""

import pytest

from voice.house import desk
from voice.store.memory import memory_store
from voice.store.port import Turn, Who
from voice.trials.replay import open_play, prepare, replay

CALENDAR = """
lists    1300 Bo Lund
calendar 90 failing 80
books    09:00-11:00 SAM: budget
invites  1300
books    11:00-12:00 SAM budget
books    private 13:00-14:00
"""
SAID_OF_IT = ("Kalender", "Bokning", "bokning", "Möte")


@pytest.fixture
def store():
    return memory_store()


@pytest.fixture
def heard(catalog, tmp_path, store):
    async def hear(*lines: str) -> str:
        """Return all that the attendant says in a call."""
        path = tmp_path / "a.call"
        path.write_text("# A call.\n" + CALENDAR + "\n".join(lines), "utf-8")
        play = open_play(path, None, None)
        await prepare(play, store, known=False)
        said: list[str] = []

        async def tell(turn: Turn) -> None:
            if turn.who is Who.ATTENDANT:
                said.append(turn.text)

        await replay(play, desk(catalog, store, play.now), None, tell)
        return " ".join(said)

    return hear


async def test_the_owner_hears_all_of_it(heard):
    told = await heard("says varför är min telefon stängd")
    assert all(word in told for word in ("Kalender", "Bokning", "En privat", "Mötet"))


async def test_no_transcript_keeps_what_the_owners_bookings_are_like(heard, store):
    assert "En privat bokning" in await heard("says varför", "says repetera")
    (call,) = await store.transcripts.calls()
    texts = " ".join(turn.text for turn in await store.transcripts.turns(call.id))
    assert "(Råd om egna bokningar" in texts
    assert "privat" not in texts
    assert "kolon" not in texts


async def test_the_owner_hears_it_from_another_phone_by_pin(heard):
    told = await heard("unknown", "pin 482915", "keys 1234#", "keys 482915#", "keys 5")
    assert all(word in told for word in ("Kalender", "Bokning", "En privat", "Mötet"))


@pytest.mark.parametrize(
    "lines",
    [
        # Somebody outside who calls the phone.
        (
            "unknown",
            "dials 1234",
            "says varför",
            "says vad händer i morgon",
            "says hjälp",
        ),
        # Nobody knows who calls, and no PIN was keyed.
        ("unknown", "says varför", "keys 5", "keys *5", "keys 1234#", "keys *5"),
        # A colleague who asks where somebody is.
        ("says sök bo lund", "says nej"),
        # One who asks for what stands only hears of their diverts.
        ("says hänvisning", "says avbryt", "says ändra", "says avbryt"),
    ],
)
async def test_nobody_else_hears_of_it_and_who_asks_for_less_hears_less(heard, lines):
    told = await heard(*lines)
    assert told
    assert [word for word in SAID_OF_IT if word in told] == []
