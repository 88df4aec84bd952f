"""A CalDAV account lets nobody in but the server it is meant for."""

import ssl
from datetime import UTC, datetime

import pytest
import trustme
from caldav_samples import ACCOUNT, READER, caldav_at
from calendar_samples import DAY
from odd_door import Door, only, opened, silent_about_passwords, straight
from radicale_server import PASSWORD, USER

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_clients import Clients
from voice.calendars.ground import moved
from voice.calendars.port import AccessDeniedError, BrokenAnswerError, BusyError


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def known(authority, tmp_path):
    """A file with the authority."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return str(tmp_path / "authority.pem")


def locked(place, certificate):
    """Return a door through which nobody else sees what passes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    door = Door(place)
    door.wrap(context)
    return opened(door)


@pytest.mark.parametrize(("user", "password"), [(USER, "fel"), ("bo", PASSWORD)])
async def test_a_wrong_password_is_told(caldav, ground, user, password):
    async with caldav_at(caldav, user=user, password=password) as there:
        with pytest.raises(AccessDeniedError, match="user name and the p") as raised:
            await there.read(ground.window, None)
    assert password not in str(raised.value)


def test_a_password_is_not_shown():
    assert PASSWORD not in repr(ACCOUNT)


async def test_no_password_is_looked_for_elsewhere(door, ground, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    await ground.calendar.read(ground.window, None)
    assert "authorization" not in door.asked[0].headers
    assert "authorization" in door.asked[1].headers


async def test_a_certificate_that_has_ended_is_told(
    radicale_place, authority, known, ground
):
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    old = authority.issue_cert("127.0.0.1", not_before=ended - DAY, not_after=ended)
    with locked(radicale_place, old) as door:
        async with caldav_at(f"{door.address}/anna/x/", authorities=known) as there:
            with pytest.raises(BrokenAnswerError, match="certificate has expired or"):
                await there.read(ground.window, None)
    assert door.asked == []


async def test_a_certificate_of_an_unknown_authority_is_told(
    radicale_place, authority, ground
):
    with locked(radicale_place, authority.issue_cert("127.0.0.1")) as door:
        async with caldav_at(f"{door.address}/anna/x/") as there:
            with pytest.raises(BrokenAnswerError, match="or is not trusted"):
                await there.read(ground.window, None)
    assert door.asked == []


async def test_a_certificate_of_a_known_authority_is_trusted(
    radicale_place, authority, known, caldav, ground
):
    with locked(radicale_place, authority.issue_cert("127.0.0.1")) as door:
        address = caldav.replace(radicale_place, door.address)
        async with caldav_at(address, authorities=known) as there:
            assert (await there.read(ground.window, None)).whole


async def test_where_nobody_sees_it_a_password_is_shown_to_a_server_that_is_silent(
    radicale_place, authority, known, caldav, ground
):
    with locked(radicale_place, authority.issue_cert("127.0.0.1")) as door:
        door.bend = silent_about_passwords
        address = caldav.replace(radicale_place, door.address)
        async with caldav_at(address, authorities=known) as there:
            assert (await there.read(ground.window, None)).whole


@pytest.mark.parametrize("address", ["http://192.0.2.1/a", "ftp://127.0.0.1/", "a"])
def test_a_password_is_sent_to_nobody_in_the_clear(address):
    with pytest.raises(AccessDeniedError, match="https://"):
        CaldavCalendar(address, Clients(ACCOUNT), READER)


@pytest.mark.parametrize(
    "address",
    ["https://[::1", "https://example.org:99999/", "https://å..ä/", "https:/"],
)
async def test_an_address_that_is_none_is_told(ground, address):
    with pytest.raises(AccessDeniedError, match="link the one that the calendar's own"):
        async with caldav_at(address) as there:
            await there.read(ground.window, None)


@pytest.mark.parametrize("elsewhere", ["http://192.0.2.1", "//192.0.2.1"])
async def test_nothing_is_written_where_a_server_points_elsewhere(
    door, ground, elsewhere
):
    block = ground.block()
    await ground.calendar.put(block)
    door.bend = lambda asked, ask: ask().replacing("<href>/", f"<href>{elsewhere}/")
    await ground.calendar.put(moved(block, DAY))
    (entry,) = (await ground.calendar.read(ground.window, None)).entries
    assert entry.start == block.start + DAY


async def test_connections_are_kept_and_shared(door, ground):
    first = await ground.calendar.read(ground.window, None)
    door.asked.clear()
    await ground.calendar.read(ground.window, first.cursor)
    # Whoever has been let in once is not asked who it is again.
    assert door.kinds == ["sync-collection"]
    assert len(door.callers) == 1


async def test_a_connection_that_failed_is_not_used_again(door, ground):
    await ground.calendar.read(ground.window, None)
    door.bend = only("PROPFIND", None)
    with pytest.raises(BusyError):
        await ground.calendar.read(ground.window, None)
    door.bend = straight
    await ground.calendar.read(ground.window, None)
    assert len(door.callers) == 2
