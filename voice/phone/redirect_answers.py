"""What an exchange is answered that asks by SIP where a call to an extension goes."""

import asyncio
import logging
from collections import OrderedDict

from voice.errors import VoiceError
from voice.phone import sip_headers
from voice.phone.peers import Place, Trusted
from voice.phone.port import LineError, Route, Where
from voice.phone.settings import RedirectSettings
from voice.phone.sip_headers import Request
from voice.phone.sip_message import (
    Answer,
    answerable,
    contact,
    transaction,
    well_formed,
    write,
)

log = logging.getLogger(__name__)

_ROUTE_SECONDS = 2.0
# More than an exchange asks in the half minute that it may send a request again.
_REMEMBERED = 4096
_ALLOWED = ("Allow", "INVITE, ACK, CANCEL, OPTIONS")
_EXTENSION = "{extension}"


class Redirecting:
    """Answers each request by itself, and the same one always alike."""

    def __init__(self, settings: RedirectSettings, route: Route) -> None:
        self._settings, self._route = settings, route
        self._trusted = Trusted(settings.trusted)
        # RFC 3261 §16.11: a request that is sent again goes the same way, also when
        # a divert has begun meanwhile. None while the answer is being looked for.
        self._answers: OrderedDict[str, Answer | None] = OrderedDict()
        if _EXTENSION not in settings.ring_through:
            raise LineError(
                f"[redirect] ring_through is {settings.ring_through!r}: write the "
                f"number that rings a phone, such as 9{_EXTENSION}."
            )

    def trusts(self, source: Place) -> bool:
        """Tell whether somebody is answered; a stranger is told of once."""
        is_trusted = source.host in self._trusted
        if not is_trusted and self._trusted.is_news(source.host):
            log.warning(
                "SIP from %s is ignored: if it is the exchange, add it to "
                "[redirect] trusted.",
                source.host,
            )
        return is_trusted

    async def answer(self, data: bytes, source: Place) -> tuple[Request, bytes] | None:
        """Return what a message asks and the answer; None for one that has none."""
        if not self.trusts(source):
            return None
        request = sip_headers.request(data.decode(errors="surrogateescape"))
        # An ACK ends what was answered: RFC 3261 §8.2.7.
        if request is None or request.method == "ACK" or not answerable(request):
            return None
        answer = await self._remembered(request)
        return None if answer is None else (request, write(request, answer, source))

    async def _remembered(self, request: Request) -> Answer | None:
        """Return the answer; None while the same request is being answered."""
        key = transaction(request)
        if key in self._answers:
            return self._answers[key]
        self._answers[key] = None
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
        answer = self._answers[key] = await self._decided(request)
        return answer

    async def _decided(self, request: Request) -> Answer:
        if not well_formed(request):
            return Answer(400)
        match request.method:
            case "INVITE" if not request.begins_call:
                return Answer(481)  # no call ever stands here
            case "INVITE":
                return await self._redirected(sip_headers.user(request.uri))
            case "CANCEL":
                return Answer(200)  # RFC 3261 §8.3
            case "OPTIONS":
                return Answer(200, (_ALLOWED, ("Accept", "application/sdp")))
            case _:
                return Answer(405, (_ALLOWED,))

    async def _redirected(self, called: str) -> Answer:
        exchange, here = self._settings.exchange, self._settings.here
        match await self._where(called):
            case Where.RING:
                number = self._settings.ring_through.replace(_EXTENSION, called)
                return Answer(302, (("Contact", contact(number, exchange)),))
            case Where.ANNOUNCE:
                # RFC 5806 §7: who answers now is told who was called.
                diversion = f"{contact(called, exchange)};reason=unconditional"
                headers = (("Contact", contact(called, here)), ("Diversion", diversion))
                return Answer(302, headers)
            case _ if self._rings_through(called):
                log.warning(
                    "The exchange asks about a number that rings a phone: let "
                    "[redirect] ring_through name one that it rings without asking."
                )
                return Answer(482)
            case _:
                return Answer(404)

    def _rings_through(self, called: str) -> bool:
        before, _, after = self._settings.ring_through.partition(_EXTENSION)
        is_marked = bool(before or after)
        return is_marked and called.startswith(before) and called.endswith(after)

    async def _where(self, called: str) -> Where:
        if not called:
            return Where.UNKNOWN
        try:
            async with asyncio.timeout(_ROUTE_SECONDS):
                return await self._route(called)
        except (VoiceError, TimeoutError) as error:
            # A telephone rings rather than that nobody is reached.
            log.warning("A call is let through unasked: %s", type(error).__name__)
            return Where.RING
