"""Templates: what is written is what is accepted, and nonsense is refused."""

from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.language.matching import matches
from voice.language.phrases import count_ways, phrases
from voice.language.template import (
    Capture,
    Rules,
    TemplateError,
    can_be_empty,
    parse,
    words,
)

NO_RULES = Rules({}, {})
EVERY = [seq for n in range(4) for seq in product("abc", repeat=n)]


def accepts(template, said, rules=NO_RULES):
    return matches(parse(template), said, rules) != []


@st.composite
def written(draw, depth=2):
    """Draw a template together with everything that it accepts."""
    kind = draw(st.integers(0, 3 if depth else 0))
    if kind == 0:
        word = draw(st.sampled_from("abc"))
        return word, {(word,)}
    one, some = draw(written(depth=depth - 1))
    if kind == 1:
        rare = draw(st.sampled_from(["", "~"]))
        return f"[{rare}{one}]", some | {()}
    other, more = draw(written(depth=depth - 1))
    if kind == 2:
        return f"({one}|{other})", some | more
    return f"{one} {other}", {a + b for a, b in product(some, more)}


@given(written(depth=3))
def test_a_template_accepts_exactly_what_it_says(pair):
    template, accepted = pair
    tree = parse(template)
    for said in EVERY:
        assert (matches(tree, said, NO_RULES) != []) == (said in accepted)
    assert can_be_empty(tree, NO_RULES) == (() in accepted)
    assert {tuple(p.split()) for p in phrases(tree, NO_RULES)} == accepted - {()}
    assert words(tree) == {word for said in accepted for word in said}


@given(written(depth=2), written(depth=2))
def test_rules_and_slots_stand_for_what_they_hold(one, other):
    (rule, accepted), (slot, more) = one, other
    rules = Rules({"r": parse(rule)}, {"s": {"p": parse(slot)}})
    whole = {a + b for a, b in product(accepted, more)}
    for said in EVERY:
        found = matches(parse("<r> {s}"), said, rules)
        assert (found != []) == (said in whole)
        assert all(captures == (Capture("s", "p"),) for captures in found)


@given(st.text("ab åé[]()|~{}<>-_1", max_size=12) | st.text(max_size=8))
def test_any_text_is_a_template_or_is_refused_as_one(text):
    with suppress(TemplateError):
        tree = parse(text)
        assert parse(f"({text})" if text.strip() else text) == tree


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("(a|b", "')' is missing"),
        ("[a", "']' is missing"),
        ("a)", "has no beginning"),
        ("a]", "has no beginning"),
        ("(a|)", "an alternative is empty"),
        ("a||b", "an alternative is empty"),
        ("[]", "the brackets are empty"),
        ("a{", "is not a word"),
        ("<>", "is not a word"),
        ("a, b", "is not a word"),
        ("a{slot}", "only letters can be joined"),
        ("a<rule>", "only letters can be joined"),
        (f"a{'[b|c]' * 40}", "too many endings"),
    ],
)
def test_a_fault_is_told_with_its_place(template, fault):
    with pytest.raises(TemplateError, match="column") as error:
        parse(template)
    assert fault.strip("'") in str(error.value)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("hänvisning[en|ar|arna]", ["hänvisning", "hänvisningen", "hänvisningarna"]),
        ("(möte|sammanträde)[t]", ["möte", "mötet", "sammanträdet"]),
        ("Öppna", ["öppna"]),
        ("e-post", ["e-post"]),
    ],
)
def test_endings_are_joined_to_their_words(template, said):
    assert all(accepts(template, [word]) for word in said)
    assert not accepts(template, ["en"])


def test_a_slot_tells_which_of_its_patterns_was_said():
    rules = Rules(
        {}, {"clock": {"half": parse("halv {hour}")}, "hour": {"3": parse("tre")}}
    )
    half_three = Capture("clock", "half", (Capture("hour", "3"),))
    assert matches(parse("till {clock}"), ["till", "halv", "tre"], rules) == [
        (half_three,)
    ]
    assert half_three.find("hour") == Capture("hour", "3")
    assert half_three.find("day") is None


def test_what_can_be_read_in_two_ways_is_read_in_both():
    rules = Rules({}, {"s": {"one": parse("a"), "two": parse("a")}})
    assert len(matches(parse("{s}"), ["a"], rules)) == 2


def test_of_millions_of_phrases_the_first_are_spelled_and_no_more():
    tree = parse(" ".join(["(a|b|c)"] * 200))
    before = "a " * 199
    first = tuple(f"{before}{last}" for last in "abc")
    assert phrases(tree, NO_RULES, 3) == first
    assert count_ways(tree, NO_RULES) == 3**200


@given(written(depth=3))
def test_every_way_to_say_something_is_counted(pair):
    template, accepted = pair
    assert count_ways(parse(template), NO_RULES) >= len(accepted)
