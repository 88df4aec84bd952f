"""What comes on a line is kept in its order, to an end and within a size."""

import asyncio

from voice.phone.inbox import Inbox
from voice.phone.port import Arrival, HungUp, Keyed, Sound


def sound(at: int) -> Sound:
    return Sound(bytes([at]))


async def everything(inbox: Inbox) -> list[Arrival]:
    return [arrival async for arrival in inbox.arrivals()]


async def test_everything_comes_in_its_order_and_then_the_end():
    inbox = Inbox(9, 9)
    came = asyncio.create_task(everything(inbox))
    await asyncio.sleep(0)
    for arrival in (sound(1), Keyed("#"), sound(2)):
        inbox.put(arrival)
    await asyncio.sleep(0)
    inbox.end(HungUp())
    inbox.end(HungUp(lost=True))
    assert await came == [sound(1), Keyed("#"), sound(2), HungUp()]
    assert await everything(inbox) == []


async def test_of_too_much_sound_the_oldest_goes_and_no_key():
    inbox = Inbox(2, 9)
    for arrival in (Keyed("1"), sound(1), sound(2), Keyed("2"), sound(3)):
        inbox.put(arrival)
    assert inbox.is_full
    inbox.end(None)
    assert await everything(inbox) == [Keyed("1"), sound(2), Keyed("2"), sound(3)]
    assert inbox.dropped == 1
    assert not inbox.is_full


async def test_endless_keys_do_not_fill_the_memory():
    inbox = Inbox(2, 3)
    for key in "1234567890" * 100:
        inbox.put(Keyed(key))
    inbox.end(None)
    assert await everything(inbox) == [Keyed("1"), Keyed("2"), Keyed("3")]
