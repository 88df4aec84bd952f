"""Where each call came from, read from the trace of SIP messages as they come."""

import asyncio
import logging
import os
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

from voice.phone import sip_headers
from voice.phone.peers import Trusted
from voice.phone.port import Offer
from voice.phone.sip_headers import Request

# `RX UDP 10.0.0.1:5060 -> 10.0.0.2:5060`, and the message after it.
_RECEIVED = re.compile(r"RX \w+ \[?([0-9a-fA-F.:]+?)\]?:\d+ -> ")
# More calls than can begin while one waits for its trace.
_MOST = 256
# The trace comes on a thread of its own, and mostly before the call does.
_PATIENCE_SECONDS = 0.2
_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Invite:
    """How a call began: what it asked for, and every address that asked it."""

    request: Request
    sources: frozenset[str]

    def offer(self, trusted: Trusted, own: str | None) -> Offer:
        """Return what it offers; `own` is the registered user."""
        # The same call from two addresses is one that somebody pretends to be.
        believed = len(self.sources) == 1 and all(
            one in trusted for one in self.sources
        )
        return sip_headers.offer(self.request, believed, own)


class Trace(logging.Handler):
    """Takes the trace of SIP messages, keeps what began each call, and writes nothing.

    The records hold numbers and names of people: no other handler may see them.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._invites: OrderedDict[str, Invite] = OrderedDict()
        # Records come on a thread of the stack.
        self._door = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Note a message that begins a call."""
        head, _, text = record.getMessage().partition("\n")
        received = _RECEIVED.match(head)
        asked = sip_headers.request(text) if received else None
        if received is None or asked is None or not asked.begins_call:
            return
        with self._door:
            call_id = asked.first("call-id")
            before = self._invites.pop(call_id, Invite(asked, frozenset()))
            sources = before.sources | {received[1]}
            self._invites[call_id] = Invite(asked, sources)
            while len(self._invites) > _MOST:
                self._invites.popitem(last=False)

    def invite(self, call_id: str) -> Invite | None:
        """Return how a call began; None as long as nothing tells."""
        with self._door:
            return self._invites.get(call_id)

    async def began(self, call_id: str) -> Invite | None:
        """Return how a call began; None when nothing tells in time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE_SECONDS
        while (invite := self.invite(call_id)) is None:
            if loop.time() >= until:
                return None
            await asyncio.sleep(_LOOK_SECONDS)
        return invite


class _Fatal(logging.Handler):
    """Ends the process when the stack says that it can no longer work."""

    def emit(self, record: logging.LogRecord) -> None:
        os._exit(1)


def follow() -> Trace:
    """Take over what the stack logs: none of it leaves the process.

    It holds numbers and names of people.
    """
    trace = Trace()
    for name, handler, level in (
        ("baresip", logging.NullHandler(), logging.WARNING),
        ("baresip.runtime", _Fatal(logging.CRITICAL), logging.CRITICAL),
        ("baresip.native.sip", trace, logging.DEBUG),
    ):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
    return trace
