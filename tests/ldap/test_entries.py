"""Entries of a directory server as rows, whatever stands in them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from voice.ldap.entries import Entry, row_of
from voice.ldap.settings import LdapSettings

USUAL = LdapSettings()
NAMES = [each.lower() for each in USUAL.attributes] + ["objectclass", "jpegphoto"]
VALUES = st.lists(st.binary(max_size=30) | st.text(max_size=20).map(str.encode))
ENTRIES = st.builds(
    Entry,
    st.text(min_size=1),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8),
)


def entry(**values: str | bytes | list[str | bytes]) -> Entry:
    """Return an entry with these values."""
    given = {
        name.lower(): each if isinstance(each, list) else [each]
        for name, each in values.items()
    }
    encoded = {
        name: [one.encode() if isinstance(one, str) else one for one in each]
        for name, each in given.items()
    }
    return Entry("cn=Någon,dc=example", encoded)


def test_a_person_of_windows_is_read():
    row = row_of(
        entry(
            displayName="Anna Berg",
            ipPhone="1234",
            telephoneNumber="+46 63-14 12 34",
            department="Bygglov",
            ou="Annat",
            mail="Anna.Berg@example.org",
            mobile="070-123 45 67",
            otherMobile=["073-2", "073-1"],
        ),
        USUAL,
    )
    assert (row.who, row.name, row.number) == ("Anna Berg", "Anna Berg", "1234")
    assert (row.unit, row.mail) == ("Bygglov", "Anna.Berg@example.org")
    assert row.mobiles == ("070-123 45 67", "073-1", "073-2")
    assert row.search is None


def test_a_person_of_openldap_is_read():
    row = row_of(entry(cn="Bo Ek", sn="Ek", telephoneNumber="1300", ou="Skola"), USUAL)
    assert (row.name, row.number, row.unit, row.mail) == ("Bo Ek", "1300", "Skola", "")
    assert row.mobiles == ()


def test_parts_of_a_name_are_joined_where_all_are_there():
    assert row_of(entry(givenName="Eva", sn="Åker", cn="eva01"), USUAL).name == (
        "Eva Åker"
    )
    assert row_of(entry(sn="Åker", cn="eva01"), USUAL).name == "eva01"


def test_attributes_are_known_in_large_letters_and_small():
    chosen = replace(USUAL, number=("TELEPHONENUMBER",))
    assert row_of(entry(telephonenumber="1"), chosen).number == "1"


def test_blank_values_are_none():
    row = row_of(entry(ipPhone="  ", telephoneNumber="1300 "), USUAL)
    assert row.number == "1300"


def test_what_has_no_attribute_says_nothing():
    chosen = replace(USUAL, unit=(), mail=(), mobiles=(), search=("initials",))
    row = row_of(entry(ou="Skola", mail="a@b.se", mobile="1", initials="AB"), chosen)
    assert (row.unit, row.mail, row.mobiles) == (None, None, None)
    assert row.search == ("AB",)


def test_one_without_a_name_is_told_by_where_the_entry_stands():
    assert row_of(entry(ipPhone="1"), USUAL).who == "cn=Någon,dc=example"


@given(ENTRIES)
def test_whatever_stands_in_an_entry_is_read_as_texts(found: Entry):
    row = row_of(found, USUAL)
    texts = [row.number, row.name, row.unit or "", row.mail or "", *(row.mobiles or ())]
    assert all(text == text.strip() for text in texts)
    assert row.who


@given(ENTRIES, st.randoms(use_true_random=False))
def test_values_in_another_order_are_read_as_before(found: Entry, chance):
    mixed = {
        name: chance.sample(list(values), len(values))
        for name, values in found.values.items()
    }
    assert row_of(replace(found, values=mixed), USUAL) == row_of(found, USUAL)
