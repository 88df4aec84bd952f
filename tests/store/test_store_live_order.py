"""What a server shows late is told late, and not left out."""

import asyncpg
from store_samples import NOW
from store_told import GREETING, call_of, told

from voice.store.database import open_store
from voice.store.live_port import What

TELL = "INSERT INTO feed (call, what) SELECT seq, $1 FROM calls RETURNING seq"


async def test_who_was_first_and_is_done_last_is_told_too(database):
    first, second = [await asyncpg.connect(database) for _ in range(2)]
    async with open_store(database) as store:
        call = await told(store, call_of(1), outcome=None)
        place = await store.live.position()
        begun = first.transaction()
        await begun.start()
        number = await first.fetchval(TELL, "identified")
        assert await second.fetchval(TELL, "ended") == number + 1
        # Whoever comes now has the first before them as well.
        newcomer = await store.live.position()
        new = await store.live.after(place)
        assert [each.what for each in new.news] == [What.ENDED]
        await begun.commit()
        for earlier in (new.position, newcomer):
            late = await store.live.after(earlier)
            assert [each.what for each in late.news] == [What.IDENTIFIED]
            assert (await store.live.after(late.position)).news == ()
        assert call.began == NOW
    await first.close()
    await second.close()


async def test_what_was_never_done_is_not_waited_for(database):
    first = await asyncpg.connect(database)
    async with open_store(database) as store:
        call = await told(store, call_of(1), outcome=None)
        place = await store.live.position()
        begun = first.transaction()
        await begun.start()
        await first.execute("INSERT INTO feed (call, what) VALUES (1, 'ended')")
        await begun.rollback()
        await store.transcripts.add(call.id, GREETING)
        new = await store.live.after(place)
        assert [each.turn for each in new.news] == [GREETING]
        assert len(new.position.passed_over) == 1
        assert (await store.live.after(new.position)).news == ()
    await first.close()
