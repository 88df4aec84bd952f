"""A CalDAV account lets nobody in but the server it is meant for."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import trustme
from calendar_samples import DAY, REASONS
from odd_door import Door, opened
from radicale_server import PASSWORD, USER

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_wire import Account
from voice.calendars.ics_fields import Reader
from voice.calendars.port import AccessDeniedError, BrokenAnswerError


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


@pytest.mark.parametrize(("user", "password"), [(USER, "fel"), ("bo", PASSWORD)])
async def test_a_wrong_password_is_told(caldav, ground, user, password):
    stranger = replace(caldav, user=user, password=password)
    there = CaldavCalendar(stranger, Reader(REASONS))
    with pytest.raises(AccessDeniedError, match="user name and the password") as raised:
        await there.read(ground.window, None)
    assert password not in str(raised.value)
    assert password not in repr(stranger)
    await there.close()


async def test_no_password_is_looked_for_elsewhere(door, ground, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    await ground.calendar.read(ground.window, None)
    assert "Authorization" not in door.asked[0].headers
    assert "Authorization" in door.asked[1].headers


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_certificate_must_hold(radicale_place, tmp_path, is_known, ground):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    within = {"not_before": ended - DAY, "not_after": ended} if is_known else {}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", **within).configure_cert(context)
    known = str(tmp_path / "authority.pem") if is_known else None
    door = Door(radicale_place)
    door.wrap(context)
    with opened(door):
        account = Account(f"{door.address}/anna/x/", USER, PASSWORD, known)
        there = CaldavCalendar(account, Reader(REASONS))
        with pytest.raises(BrokenAnswerError, match="certificate has expired or"):
            await there.read(ground.window, None)
        await there.close()
    assert door.asked == []


async def test_a_certificate_of_a_known_authority_is_trusted(
    radicale_place, caldav, tmp_path, ground
):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    door = Door(radicale_place)
    door.wrap(context)
    with opened(door):
        address = caldav.address.replace(radicale_place, door.address)
        known = str(tmp_path / "authority.pem")
        account = replace(caldav, address=address, authorities=known)
        there = CaldavCalendar(account, Reader(REASONS))
        assert (await there.read(ground.window, None)).whole
        await there.close()


@pytest.mark.parametrize("address", ["http://192.0.2.1/a", "ftp://127.0.0.1/", "a"])
def test_a_password_is_sent_to_nobody_in_the_clear(address):
    with pytest.raises(AccessDeniedError, match="https://"):
        CaldavCalendar(Account(address, USER, PASSWORD), Reader(REASONS))
