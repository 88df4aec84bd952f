"""What providers tell of people, each in its own way, read from what they send."""

import pytest
from web_house import NOW

from voice.store.accounts_port import Role
from voice.web.oidc.attempt import new_attempt, read, written
from voice.web.oidc.claims import check_domain, groups, mail, roles
from voice.web.oidc.faults import Fault, OidcError
from voice.web.oidc.settings import OidcRoles, OidcSettings

BOTH = OidcRoles(operator=("telefonister",), administrator=("ansvariga", "/it/drift"))


@pytest.mark.parametrize(
    ("name", "claims", "told"),
    [
        # Entra ID: ids of groups, or the names of an application's roles.
        ("groups", {"groups": ["4e2b-1", "4e2b-2"]}, {"4e2b-1", "4e2b-2"}),
        ("roles", {"roles": ["Telefonist"]}, {"Telefonist"}),
        # ADFS: one group is no list, and claims can be named by addresses.
        ("group", {"group": "Domän\\Växeln"}, {"Domän\\Växeln"}),
        ("http://schemas.xmlsoap.org/claims/Group", {}, set()),
        (
            "http://schemas.xmlsoap.org/claims/Group",
            {"http://schemas.xmlsoap.org/claims/Group": ["a"]},
            {"a"},
        ),
        # Keycloak: paths of groups, or roles of the realm.
        ("groups", {"groups": ["/it/drift"]}, {"/it/drift"}),
        ("realm_access.roles", {"realm_access": {"roles": ["drift"]}}, {"drift"}),
        ("realm_access.roles", {"realm_access": "drift"}, set()),
        # Whatever else stands there gives nothing.
        ("groups", {"groups": [7, None, ["a"], "b"]}, {"b"}),
        ("groups", {"groups": {"a": 1}}, set()),
        ("groups", {}, set()),
    ],
)
def test_groups_are_read_as_each_provider_writes_them(
    name: str, claims: dict[str, object], told: set[str]
):
    assert groups(claims, name) == told


@pytest.mark.parametrize(
    ("found", "given"),
    [
        (["telefonister"], {Role.OPERATOR}),
        (["telefonister", "ansvariga"], {Role.OPERATOR, Role.ADMINISTRATOR}),
        (["/it/drift"], {Role.ADMINISTRATOR}),
        (["Telefonister", "telefonister ", "ansvarig"], set()),
        ([], set()),
    ],
)
def test_a_role_is_given_by_the_very_name_of_its_group(
    found: list[str], given: set[Role]
):
    assert roles({"groups": found}, OidcSettings(roles=BOTH)) == given


@pytest.mark.parametrize(
    "claims",
    [
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {}}},
        {"hasgroups": True},
    ],
)
def test_groups_that_entra_left_out_are_not_taken_for_none(claims: dict[str, object]):
    with pytest.raises(OidcError) as refused:
        roles(claims, OidcSettings(roles=BOTH))
    assert refused.value.fault is Fault.TOO_MANY_GROUPS
    # Where nobody asks for groups, none are missed.
    assert roles(claims, OidcSettings()) == set()


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email": " Anna.Berg@Example.SE "}, "anna.berg@example.se"),
        ({"email": "a@example.se", "email_verified": True}, "a@example.se"),
        ({"email": "a@example.se", "email_verified": False}, None),
        ({"email": "a@example.se", "email_verified": "true"}, None),
        ({"email": "a@example.se", "email_verified": False, "upn": "b@e.se"}, None),
        ({"upn": "a@example.se"}, "a@example.se"),
        ({"preferred_username": "a@example.se"}, None),
        ({"email": "a\0@example.se"}, None),
        ({"email": ["a@example.se"]}, None),
        ({}, None),
    ],
)
def test_a_mail_address_is_believed_where_the_provider_stands_for_it(
    claims: dict[str, object], told: str | None
):
    assert mail(claims) == told


@pytest.mark.parametrize("domain", [None, "", "evil.example", "EXAMPLE.SE", ["e.se"]])
def test_everybody_has_an_account_at_google_but_not_in_the_domain(domain: object):
    check_domain({"hd": "example.se"}, "example.se")
    check_domain({"hd": domain}, "")
    with pytest.raises(OidcError):
        check_domain({"hd": domain}, "example.se")


def test_a_try_comes_back_as_it_was():
    begun = new_attempt("/samtal?q=å", NOW)
    kept = read(written(begun), NOW)
    assert kept is not None
    assert (kept.till, kept.state) == ("/samtal?q=å", begun.state)
    assert len({begun.state, begun.nonce, begun.verifier, begun.seed}) == 4
    assert begun.seed not in repr(begun)


@pytest.mark.parametrize(
    "kept", ["", "x", "a.b.c", f"{'a' * 43}.999999999999.", f"{'a' * 43}.1.!!", "å.1."]
)
def test_what_is_no_try_is_none(kept: str):
    assert read(kept, NOW) is None
