"""Chores beside calls: one that breaks takes nothing with it."""

import logging

from voice.housekeeping import kept_up


async def test_a_chore_is_done_to_its_end():
    done: list[str] = []

    async def chore() -> None:
        done.append("once")

    await kept_up("a chore", chore)
    assert done == ["once"]


async def test_a_chore_that_breaks_is_told_of_without_its_words_and_done_again(
    caplog,
):
    tries: list[int] = []

    async def chore() -> None:
        tries.append(len(tries))
        if len(tries) < 3:
            raise RuntimeError("what somebody is called")

    caplog.set_level(logging.ERROR)
    await kept_up("names", chore, again=0)
    assert tries == [0, 1, 2]
    assert caplog.text.count("names: RuntimeError at ") == 2
    assert "somebody" not in caplog.text
