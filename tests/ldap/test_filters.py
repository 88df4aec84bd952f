"""Filters: values mean nothing but themselves, and what is none is known to be none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldap3.operation.search import compile_filter, parse_filter

from voice.ldap.filters import escaped, is_filter, wanted
from voice.ldap.settings import LdapSettings


@pytest.mark.parametrize(
    "text",
    [
        "(cn=*)",
        "(objectClass=person)",
        "(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
        "(|(ipPhone=*)(telephoneNumber=0*12))",
        r"(cn=Åsa \28vik\29)",
        "(!(ou=Elev))",
        "(a>=1)",
        "(cn=)",
    ],
)
def test_a_filter_is_one(text: str):
    assert is_filter(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cn=x",
        "(cn=x",
        "(cn=x))",
        "(cn=x)(cn=y)",
        "(&)",
        "(!(a=1)(b=2))",
        "(cn)",
        "(=x)",
        "(cn=(x))",
        r"(cn=\2)",
        r"(cn=\zz)",
        "(cn=\0)",
        " (cn=x)",
        "(cn=x)\n",
        "(" * 5000,
        "(!" * 5000 + "(a=1)" + ")" * 5000,
    ],
)
def test_what_is_no_filter_is_none(text: str):
    assert not is_filter(text)


@given(st.text())
def test_an_escaped_value_is_only_itself(value: str):
    text = f"(cn={escaped(value)})"
    assert is_filter(text)
    made = compile_filter(
        parse_filter(text, None, False, True, None, False).elements[0]
    )
    if value:
        assert bytes(made["equalityMatch"]["assertionValue"]) == value.encode()


@given(st.text())
def test_no_group_makes_another_filter(group: str):
    assert is_filter(wanted(replace(LdapSettings(), group=group)))


def test_all_persons_with_a_number_are_wanted_where_nothing_else_is_said():
    told = "(&(objectClass=person)(|(ipPhone=*)(telephoneNumber=*)))"
    assert wanted(LdapSettings()) == told
    chosen = replace(LdapSettings(), group="CN=Telefoni (alla),DC=x")
    assert wanted(chosen) == rf"(&{told}(memberOf=CN=Telefoni \28alla\29,DC=x))"
    chosen = replace(LdapSettings(), filter="(ou=Skola)")
    assert wanted(chosen) == "(ou=Skola)"
