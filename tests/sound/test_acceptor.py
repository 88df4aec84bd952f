"""Progress towards a sentence, checked against listing the sentences out."""

from hypothesis import given
from hypothesis import strategies as st

from voice.sound.acceptor import Acceptor, Progress, of_phrases

PHRASES = st.lists(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join),
    min_size=1,
    max_size=8,
)
HEARD = st.lists(st.sampled_from("abcd"), max_size=5)
MOVES = st.tuples(
    st.integers(0, 5), st.integers(0, 5), st.sampled_from(["", "a", "b", "c"])
)
AUTOMATA = st.builds(
    Acceptor,
    st.lists(MOVES, max_size=12).map(tuple),
    st.frozensets(st.integers(0, 5), max_size=3),
)


def expected(phrases: list[str], heard: list[str]) -> Progress:
    if not heard:
        return Progress.NOTHING
    sentences = [phrase.split() for phrase in phrases]
    longer = any(s[: len(heard)] == heard and len(s) > len(heard) for s in sentences)
    if heard not in sentences:
        return Progress.INCOMPLETE
    return Progress.EXTENDABLE if longer else Progress.WHOLE


def states(acceptor: Acceptor, words: list[str]) -> set[int]:
    """Every state that the words can lead to, by brute force."""

    def closed(found: set[int]) -> set[int]:
        while True:
            more = {to for source, to, w in acceptor.arcs if not w and source in found}
            if more <= found:
                return found
            found |= more

    reached = closed({0})
    for word in words:
        reached = closed(
            {to for source, to, w in acceptor.arcs if w == word and source in reached}
        )
    return reached


@given(PHRASES, HEARD)
def test_progress_is_that_of_the_listed_phrases(phrases, heard):
    assert of_phrases(phrases).progress(heard) is expected(phrases, heard)


@given(AUTOMATA, st.lists(st.sampled_from("abc"), min_size=1, max_size=5))
def test_a_sentence_is_whole_exactly_when_the_automaton_accepts_it(acceptor, words):
    accepted = bool(states(acceptor, words) & acceptor.finals)
    whole = {Progress.WHOLE, Progress.EXTENDABLE}
    assert (acceptor.progress(words) in whole) is accepted


@given(AUTOMATA)
def test_the_smallest_machine_has_no_dead_ends(acceptor):
    machine = acceptor.machine
    for state, row in enumerate(machine.moves):
        leads_on = bool(row) or state in machine.accepting
        assert leads_on or machine.moves == ({},)


@given(PHRASES)
def test_the_order_of_phrases_does_not_matter(phrases):
    assert of_phrases(phrases).machine == of_phrases(sorted(phrases)).machine


def test_common_ends_are_shared():
    rows = of_phrases(["lunch till ett", "semester till ett", "ledig till ett"])
    assert len(rows.machine.moves) == 4


def test_words_are_those_that_some_sentence_uses():
    dead_end = Acceptor(((0, 1, "ja"), (0, 2, "kanske")), frozenset({1}))
    assert dead_end.words == {"ja"}
    assert dead_end.progress(["kanske"]) is Progress.INCOMPLETE


def test_a_loop_can_always_be_extended():
    loop = Acceptor(((0, 1, "och"), (1, 0, "")), frozenset({1}))
    assert loop.progress(["och"] * 9) is Progress.EXTENDABLE


def test_a_blank_phrase_is_no_sentence():
    assert of_phrases(["", "  "]).words == frozenset()
