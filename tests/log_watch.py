"""Waiting for a line of the log, for what tells of itself in no other way."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Watch(logging.Handler):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.seen = text, asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self.text in record.getMessage():
            self.seen.set()


@contextmanager
def logged(name: str, text: str) -> Iterator[asyncio.Event]:
    """Give an event that is set when a logger says the text, on this loop's thread."""
    watch, logger = _Watch(text), logging.getLogger(name)
    before = logger.level
    logger.addHandler(watch)
    logger.setLevel(logging.DEBUG)
    try:
        yield watch.seen
    finally:
        logger.removeHandler(watch)
        logger.setLevel(before)
