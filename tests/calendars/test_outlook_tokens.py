"""An application gets its token of Entra, by the library that is made for it."""

import logging
import ssl
from dataclasses import replace

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from outlook_samples import ANNA, calendar_of, ground_of

from tests.fakes.graph import stand_in
from tests.fakes.graph_entra import CLIENT, SECRET, TENANT
from voice.calendars.graph import open_graph
from voice.calendars.ground import whole
from voice.calendars.outlook_tokens import EntraTokens
from voice.calendars.port import AccessDeniedError, BusyError
from voice.calendars.settings import OutlookSettings


@pytest.fixture(scope="module")
def authority():
    return trustme.CA(key_type=trustme.KeyType.RSA)


@pytest.fixture
def microsoft(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with stand_in(trusted=context) as graph:
        graph.person(ANNA)
        yield graph


@pytest.fixture
def trust(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
async def tokens_of(microsoft, trust):
    made = []

    def make(settings, place=microsoft.place):
        made.append(EntraTokens(replace(settings, sign_in=place), trust))
        return made[-1]

    yield make
    for tokens in made:
        await tokens.close()


@pytest.fixture
def certificate(authority, microsoft, tmp_path):
    issued = authority.issue_cert("telefonist.example", key_type=trustme.KeyType.RSA)
    path = tmp_path / "application.pem"
    path.write_bytes(issued.private_key_and_cert_chain_pem.bytes())
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    microsoft.entra.certificate_key = key.public_key()
    return path


async def test_a_secret_opens_a_calendar_over_tls(microsoft, tokens_of, trust):
    tokens = tokens_of(OutlookSettings(TENANT, CLIENT, secret=SECRET))
    async with open_graph(tokens, microsoft.base, trust) as graph:
        ground = ground_of(calendar_of(graph), microsoft)
        assert (await whole(ground)).whole
        assert (await whole(ground)).whole
        assert microsoft.entra.given == 1
        microsoft.entra.revoke()
        assert (await whole(ground)).whole
        assert microsoft.entra.given == 2


async def test_a_certificate_opens_it_too(tokens_of, certificate, microsoft):
    tokens = tokens_of(OutlookSettings(TENANT, CLIENT, certificate))
    assert await tokens.token() in microsoft.entra.good


async def test_another_certificate_does_not(tokens_of, certificate, microsoft):
    other = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert(
        "x.example", key_type=trustme.KeyType.RSA
    )
    certificate.write_bytes(other.private_key_and_cert_chain_pem.bytes())
    tokens = tokens_of(OutlookSettings(TENANT, CLIENT, certificate))
    with pytest.raises(AccessDeniedError, match="AADSTS7000215"):
        await tokens.token()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (OutlookSettings(TENANT, CLIENT, secret="wrong"), "AADSTS7000215"),
        (OutlookSettings(TENANT, "another", secret=SECRET), "AADSTS7000215"),
        (OutlookSettings("no.example", CLIENT, secret=SECRET), "correct the tenant"),
    ],
)
async def test_what_entra_refuses_is_told_without_a_secret(
    tokens_of, settings, says, caplog
):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AccessDeniedError, match=says) as raised:
        await tokens_of(settings).token()
    told = f"{raised.value} {settings} {caplog.text}"
    assert settings.secret not in told
    assert CLIENT not in str(raised.value)


async def test_a_certificate_that_cannot_be_read_is_told(tokens_of, tmp_path):
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    for path, says in ((broken, "certificate"), (tmp_path / "none.pem", "PEM file")):
        tokens = tokens_of(OutlookSettings(TENANT, CLIENT, path))
        with pytest.raises(AccessDeniedError, match=says):
            await tokens.token()


async def test_an_entra_that_is_away_is_asked_again(tokens_of, microsoft):
    settings = OutlookSettings(TENANT, CLIENT, secret=SECRET)
    with pytest.raises(BusyError, match="does not answer"):
        await tokens_of(settings, "https://127.0.0.1:9").token()
    tokens = tokens_of(settings)
    microsoft.fail(status=503, path="token")
    with pytest.raises(BusyError, match="does not answer"):
        await tokens.token()
    # The library itself lets a minute go by before it asks there again.
    assert await tokens_of(settings).token() in microsoft.entra.good


async def test_a_server_that_nobody_trusts_is_not_told_the_secret(microsoft):
    settings = OutlookSettings(TENANT, CLIENT, secret=SECRET, sign_in=microsoft.place)
    tokens = EntraTokens(settings)
    with pytest.raises(BusyError, match="does not answer"):
        await tokens.token()
    await tokens.close()
    assert microsoft.asked == []
