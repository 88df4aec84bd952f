"""Prepared graph folders: named by content, made once, whole or not at all."""

import struct
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.sound.acceptor import Acceptor, of_phrases
from voice.sound.graph import GraphError, prepare, spelled
from voice.sound.models import Model, Thresholds
from voice.sound.transducer import Graph, Spelling, decoding_graph, placed, written

PHONES = ("SIL", "a", "b", "t")
WAYS = {
    "ab": (("a", "b"),),
    "abt": (("a", "b", "t"), ("a", "t")),
    "ta": (("t", "a"),),
    "t": (("t",),),
    "at": (("a", "t"),),
}
PLACED = placed(PHONES)
WORDS = {word: number for number, word in enumerate(sorted(WAYS), 2)}
SPELLING = Spelling(PLACED, WORDS, WAYS)
LUNCH = of_phrases(["ab ta", "t"])


@pytest.fixture
def model(tmp_path: Path) -> Model:
    for part in ("am", "conf"):
        (tmp_path / "model" / part).mkdir(parents=True)
    return Model(
        "small", tmp_path / "model", 8000, PHONES, Thresholds(0.9, 0.5), "digest"
    )


def accepted(graph: Graph, phones: list[int]) -> set[tuple[int, ...]]:
    """The word strings that a graph gives for phones, each entered once."""

    def spread(found: set[tuple[int, tuple[int, ...]]]) -> set:
        waiting = list(found)
        while waiting:
            state, words = waiting.pop()
            for transition, word, _, to in graph.arcs[state]:
                there = (to, (*words, word) if word else words)
                if transition == 0 and there not in found:
                    found.add(there)
                    waiting.append(there)
        return found

    now = spread({(graph.starts[0], ())})
    for phone in phones:
        entered = {
            (to, (*words, word) if word else words)
            for state, words in now
            for transition, word, _, to in graph.arcs[state]
            if transition == 2 * phone
        }
        now = spread(entered)
    return {words for state, words in now if state in graph.finals}


SENTENCES = st.lists(
    st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=3).map(" ".join),
    min_size=1,
    max_size=5,
)


@given(SENTENCES, st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=3))
def test_the_graph_is_strict(phrases, said):
    graph = decoding_graph(of_phrases(phrases).machine, SPELLING)
    ways = defaultdict(set)
    for phrase in phrases:
        spoken = [()]
        for word in phrase.split():
            spoken = [(*s, *way) for s in spoken for way in SPELLING.placed(word)]
        for way in spoken:
            ways[way].add(tuple(WORDS[word] for word in phrase.split()))
    phones = [phone for word in said for phone in next(iter(SPELLING.placed(word)))]
    assert accepted(graph, phones) == ways[tuple(phones)]


def test_silence_alone_and_between_words_is_allowed():
    graph = decoding_graph(LUNCH.machine, SPELLING)
    silence = PLACED["SIL"]
    words = (WORDS["ab"], WORDS["ta"])
    ab = [PLACED["a_B"], PLACED["b_E"]]
    ta = [PLACED["t_B"], PLACED["a_E"]]
    assert accepted(graph, [silence]) == {()}
    assert accepted(graph, [silence, *ab, silence, *ta, silence]) == {words}


Form = tuple[int, list[tuple[float, list[tuple[int, int, float, int]]]]]


def read(data: bytes) -> Form:
    """Return a written graph's start, and each state's final cost and its arcs."""
    start, states, arcs = struct.unpack_from("<qqq", data, 4 + 9 + 12 + 16)
    assert len(data) == 65 + 20 * states + 16 * arcs
    found, first = [], 0
    for state in range(states):
        final, begins, *counts = struct.unpack_from("<fIIII", data, 65 + 20 * state)
        assert begins == first
        at = 65 + 20 * states + 16 * first
        first += counts[0]
        there = [*struct.iter_unpack("<iifi", data[at : at + 16 * counts[0]])]
        assert counts[1:] == [sum(arc[side] == 0 for arc in there) for side in (0, 1)]
        found.append((final, there))
    assert first == arcs
    return start, found


@pytest.mark.parametrize("phrases", [["ab ta", "t"], ["abt"], ["ab", "ab t ta"]])
def test_what_is_written_is_what_the_start_leads_to(phrases):
    graph = decoding_graph(of_phrases(phrases).machine, SPELLING)
    (data,) = written(graph)
    start, states = read(data)
    pairs, waiting = {graph.starts[0]: start}, [graph.starts[0]]
    for state in waiting:  # grows while it is read
        final, arcs = states[pairs[state]]
        assert final == graph.finals.get(state, inf)
        for (*told, to), (*kept, there) in zip(graph.arcs[state], arcs, strict=True):
            assert kept == pytest.approx(told)
            if to not in pairs:
                waiting.append(to)
            assert pairs.setdefault(to, there) == there
    assert sorted(pairs.values()) == list(range(len(states)))


def test_a_place_is_written_with_no_more_than_it_leads_to():
    arcs = ((0, 2, "ab"), (1, 2, "ab"), (1, 2, "ta"), (2, 3, "t"))
    graph = decoding_graph(Acceptor(arcs, frozenset((3,)), (0, 1)).machine, SPELLING)
    less, more = map(read, written(graph))
    alone = Acceptor(((0, 2, "ab"), (2, 3, "t")), frozenset((3,)))
    (same,) = map(read, written(decoding_graph(alone.machine, SPELLING)))
    assert len(less[1]) == len(same[1]) < len(more[1]) < len(graph.arcs)


def test_what_was_prepared_is_found_again(model, tmp_path):
    (folder,) = prepare(model, LUNCH, WAYS, tmp_path / "cache")
    before = (folder / "graph/HCLG.fst").stat()
    assert prepare(model, LUNCH, WAYS, tmp_path / "cache") == [folder]
    assert (folder / "graph/HCLG.fst").stat() == before
    assert spelled(folder) == {word: WAYS[word] for word in LUNCH.words}


def test_the_name_changes_with_all_that_goes_in(model, tmp_path):
    other_words = WAYS | {"t": (("t",), ("a",))}
    folders = {
        *prepare(model, LUNCH, WAYS, tmp_path),
        *prepare(model, of_phrases(["ab ta"]), WAYS, tmp_path),
        *prepare(model, LUNCH, other_words, tmp_path),
        *prepare(replace(model, digest="new"), LUNCH, WAYS, tmp_path),
    }
    assert len(folders) == 4


def test_words_of_other_places_do_not_change_the_name(model, tmp_path):
    fewer = {word: WAYS[word] for word in LUNCH.words}
    assert prepare(model, LUNCH, WAYS, tmp_path) == prepare(
        model, LUNCH, fewer, tmp_path
    )


def test_many_at_once_leave_one_whole_folder(model, tmp_path):
    cache = tmp_path / "cache"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: prepare(model, LUNCH, WAYS, cache), range(24)))
    assert all(places == made[0] for places in made)
    assert list(cache.iterdir()) == [made[0][0].parent]


def test_a_cache_that_cannot_be_written_is_told(model, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(GraphError, match="make room, or set"):
        prepare(model, LUNCH, WAYS, tmp_path / "file" / "cache")


def test_a_failure_halfway_leaves_nothing(model, tmp_path):
    with pytest.raises(KeyError):
        prepare(model, LUNCH, {"ab": (("x",),), "ta": (), "t": ()}, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_empty_place_hears_only_silence():
    graph = decoding_graph(Acceptor((), frozenset()).machine, SPELLING)
    assert accepted(graph, [PLACED["SIL"]]) == {()}
    assert accepted(graph, [PLACED["t_S"]]) == set()
