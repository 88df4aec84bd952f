"""People read from a real directory server, and every way in which it fails."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from directory_server import BASE, READER, DirectoryServer, Person, people, running
from told_faults import fault

from voice.ldap.entries import row_of
from voice.ldap.reading import read_people
from voice.ldap.settings import LdapSettings, Unencrypted

pytestmark = pytest.mark.ldap


async def test_thousands_are_read_page_by_page(tmp_path: Path, access: LdapSettings):
    numbers = range(100_000, 103_001)
    with running(tmp_path, people(*numbers)) as server:
        entries = await read_people(replace(access, address=server.plain))
    rows = [row_of(each, access) for each in entries]
    assert sorted(row.number for row in rows) == [str(n) for n in numbers]


@pytest.mark.parametrize("page", [1, 2, 7, 8, 1000])
async def test_a_page_of_any_size_leaves_nobody_out(
    slapd: DirectoryServer, access: LdapSettings, page: int
):
    slapd.add(*people(*range(8)))
    assert len(await read_people(replace(access, page=page))) == 8


async def test_all_is_read_over_tls_and_after_starttls(
    slapd: DirectoryServer, access: LdapSettings
):
    slapd.add(*people(1))
    for address in (slapd.encrypted, slapd.plain):
        safe = replace(
            access,
            address=address,
            unencrypted=Unencrypted.NEVER,
            authorities=slapd.authorities,
        )
        assert len(await read_people(safe)) == 1


async def test_windows_people_are_read_as_others(
    slapd: DirectoryServer, access: LdapSettings
):
    slapd.add(
        Person(
            "Åsa Öberg",
            {
                "displayName": "Åsa Öberg",
                "ipPhone": "1234",
                "telephoneNumber": "+46 63-14 12 34",
                "department": "Bygglov",
                "otherMobile": ["073-2", "073-1"],
            },
            is_windows=True,
        )
    )
    (found,) = await read_people(access)
    row = row_of(found, access)
    assert (row.name, row.number, row.unit) == ("Åsa Öberg", "1234", "Bygglov")
    assert row.mobiles == ("073-1", "073-2")


async def test_a_filter_chooses_people(slapd: DirectoryServer, access: LdapSettings):
    slapd.add(*people(1, 2))
    (found,) = await read_people(replace(access, filter=r"(cn=\50erson 2)"))
    assert found.dn == people(2)[0].dn


@pytest.mark.parametrize(
    "name", ["Telefoni", "Telefoni (alla)*", r"Tele\\foni \2C Åre"]
)
async def test_a_group_chooses_people(tmp_path: Path, access: LdapSettings, name: str):
    more, group = "moduleload memberof", f"cn={name},dc=example,dc=org"
    with running(
        tmp_path, people(1, 2, 3), more, "overlay memberof\nmemberof-refint TRUE"
    ) as server:
        members = [each.dn for each in people(1, 3)]
        server.put(group, objectClass="groupOfNames", member=members)
        chosen = replace(access, address=server.plain, group=group)
        assert sorted(each.dn for each in await read_people(chosen)) == members


async def test_what_is_on_another_server_is_not_followed(
    slapd: DirectoryServer, access: LdapSettings
):
    """One that is pointed to would be shown the password."""
    asked = asyncio.Event()

    async def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        writer.close()

    other = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    slapd.add(*people(1))
    slapd.put(
        f"ou=Annat,{BASE}",
        objectClass=["referral", "extensibleObject"],
        ref=f"ldap://127.0.0.1:{port}/{BASE}",
        ou="Annat",
    )
    async with other:
        assert len(await read_people(access)) == 1
        there = replace(access, base=f"ou=Annat,{BASE}")
        assert "says that the base is on another server" in await fault(there)
    assert not asked.is_set()


async def test_each_slip_of_a_setting_is_told_with_its_remedy(
    slapd: DirectoryServer, access: LdapSettings
):
    password = "look at user in [ldap] and at TELEFONIST_LDAP_PASSWORD"
    for chosen, told in (
        (replace(access, password="fel"), f"does not let us in: {password}"),
        (replace(access, user=f"cn=x,{BASE}"), f"does not let us in: {password}"),
        (
            replace(access, password=""),
            "wants a password: set TELEFONIST_LDAP_PASSWORD",
        ),
        (
            replace(access, user="kalle"),
            "cannot read the base or the user: write them as "
            "OU=Personal,DC=example,DC=org",
        ),
        (
            replace(access, base="dc=annan"),
            "has no such base: look at base in [ldap]",
        ),
        (
            replace(access, filter="(cn="),
            "is not asked: the filter in [ldap] is none, as RFC 4515 writes them",
        ),
    ):
        assert await fault(chosen) == told


async def test_a_server_that_lets_nobody_in_without_an_account_says_so(
    tmp_path: Path, access: LdapSettings
):
    with running(tmp_path, more="disallow bind_anon\nrequire authc") as server:
        chosen = replace(access, address=server.plain, user="", password="")
        assert await fault(chosen) == "wants an account: write user in [ldap]"


async def test_a_server_that_wants_encryption_says_so(
    tmp_path: Path, access: LdapSettings
):
    with running(tmp_path, more="security simple_bind=128") as server:
        told = await fault(replace(access, address=server.plain))
    assert told == "wants encryption: write ldaps:// as address"


async def test_a_limit_of_the_server_is_told_and_no_part_is_taken(
    tmp_path: Path, access: LdapSettings
):
    limit = f'limits dn.exact="{READER}" size.soft=5 size.hard=5 size.prtotal=5'
    with running(tmp_path, people(*range(8)), of_base=limit) as server:
        told = await fault(replace(access, address=server.plain, page=2))
    assert told == (
        "lists no more than its limit to our account: have that limit raised"
    )


async def test_a_certificate_of_whom_nobody_knows_is_not_trusted(
    slapd: DirectoryServer, access: LdapSettings, tmp_path: Path
):
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for address in (slapd.encrypted, slapd.plain):
        for authorities in (None, other):
            safe = replace(
                access,
                address=address,
                unencrypted=Unencrypted.NEVER,
                authorities=authorities,
            )
            told = await fault(safe)
            assert told.startswith("has a certificate that cannot be trusted (")
            assert told.endswith("look at address and authorities in [ldap]")


async def test_a_certificate_of_another_host_is_not_trusted(
    slapd: DirectoryServer, access: LdapSettings
):
    # The certificate is that of 127.0.0.1.
    address = slapd.encrypted.replace("127.0.0.1", "localhost")
    safe = replace(access, address=address, authorities=slapd.authorities)
    assert "certificate is not valid for 'localhost'" in await fault(safe)


async def test_authorities_that_are_none_are_told(
    slapd: DirectoryServer, access: LdapSettings, tmp_path: Path
):
    for file in (tmp_path / "nowhere.pem", Path(__file__)):
        safe = replace(access, address=slapd.encrypted, authorities=file)
        assert await fault(safe) == f"is not asked: {file} is no certificate in PEM"


async def test_encryption_where_there_is_none_is_told(
    slapd: DirectoryServer, access: LdapSettings
):
    address = slapd.plain.replace("ldap:", "ldaps:")
    told = await fault(replace(access, address=address))
    assert told == "does not agree on encryption: look at address in [ldap]"


async def test_a_server_that_is_down_is_told(access: LdapSettings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for address in (f"ldap://127.0.0.1:{port}", "ldaps://nowhere.invalid"):
        told = await fault(replace(access, address=address))
        assert told == "cannot be reached: look at address in [ldap], and that it runs"
