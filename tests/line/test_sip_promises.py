"""The SIP line keeps the promises of all, with telephones that somebody else made."""

from collections.abc import AsyncIterator

import pytest
from line_contract import LinePromises

from voice.phone.port import Exchange
from voice.phone.settings import SipSettings
from voice.phone.sip import open_sip

pytestmark = pytest.mark.line


@pytest.fixture
async def exchange(settings: SipSettings) -> AsyncIterator[Exchange]:
    async with open_sip(settings) as exchange:
        yield exchange


class TestSipLine(LinePromises):
    """With baresip and sipp."""
