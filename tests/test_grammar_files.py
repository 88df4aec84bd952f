"""The grammar files: whole, in step with the code, and every fault told by line."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.house import read_catalog
from voice.language.catalog import Catalog
from voice.language.faults import GrammarError
from voice.language.files import FILES, load
from voice.language.phrases import phrases
from voice.sound.models import Phones, open_model, pronunciations
from voice.web.words import FILES as WEB_FILES

ROOT = Path(__file__).parent.parent
GRAMMAR = ROOT / "grammar"
TEXTS = {name: (GRAMMAR / name).read_text("utf-8") for name in FILES}


def faults(**changed: str) -> list[str]:
    """Load the grammar with some files changed, and return what is wrong with it."""
    files = {name.replace("_", "."): text for name, text in changed.items()}
    with pytest.raises(GrammarError) as error:
        load(TEXTS | files)
    return str(error.value).splitlines()


def changed(file: str, old: str, new: str) -> list[str]:
    assert TEXTS[file].count(old) == 1, old
    return faults(**{file.replace(".", "_"): TEXTS[file].replace(old, new)})


def line_of(file: str, text: str) -> int:
    return TEXTS[file][: TEXTS[file].index(text)].count("\n") + 1


def test_every_file_of_the_folder_is_read():
    of_pages = set(WEB_FILES.values())
    assert {path.name for path in GRAMMAR.iterdir()} == {*FILES, *of_pages}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_toml_that_begins_by_saying_what_it_is(name):
    assert tomllib.loads(TEXTS[name])
    assert TEXTS[name].startswith("# ")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "sentences.toml",
            '"ta tillbaka (det|ändringen|det där)"',
            '"ta tillbaka (det|ändringen"',
            "')' is missing",
        ),
        ("sentences.toml", '"fel", "inte alls",\n]\n', '"fel|",\n]\n', "is empty"),
        ("sentences.toml", '"repetera"', '"<repetera>"', "<repetera> is not defined"),
        ("sentences.toml", '["{time}"]', '["[{time}]"]', "give_time can be empty"),
        ("sentences.toml", "[rehearse]", "[practise]", "practise has no meaning"),
        ("times.toml", 'week_next  = ["[hela]', 'week_3 = ["[hela]', "has no meaning"),
        ("times.toml", '11 = ["november"]', "", "[month] 11 has no name"),
        ("times.toml", "{near} [från", "{nigh} [från", "{nigh} is not defined"),
        ("times.toml", 'night     = ["00:00", "05:59"]', "", "[dayparts] has no night"),
        ("times.toml", '"04:00"', '"25:00"', "hour must be in 0..23"),
        ("times.toml", '5  = ["fem"]', 'f  = ["fem"]', "[fives] f is no number"),
        ("times.toml", 'UTE = ["åter"', 'UT = ["åter"', "[back] UT is no reason"),
        ("times.toml", "[span]", "[spam]", "[span] is missing"),
        ("words.toml", '"(åter om', '"<om> (åter om', "om contains itself"),
        ("places.toml", '"search", "seek"', '"nope"', "there is no nope"),
        ("places.toml", '"**" = "sök"', '"**" = "jadu"', '"jadu" cannot be said there'),
        ("places.toml", '"**" = "sök"', 'x = "sök"', "x is no key"),
        ("reasons.toml", 'digit = "7"', 'digit = "6"', "LDG: 6 is taken"),
        ("notes.toml", "not_first =", "not_last =", "not_last is no note"),
        ("notes.toml", '"Telefonen stängs inte av', '" " # "', "all_day: write a"),
        ("reasons.toml", 'digit = "7"', 'digit = "x"', "LDG: x is no digit"),
        ("reasons.toml", 'label = "ledig"', "", "LDG has no label"),
        (
            "reasons.toml",
            'label = "ledig"',
            'label = "{ledig}"',
            "LDG: label is 1 to 60",
        ),
        (
            "reasons.toml",
            'say   = ["sjuk"',
            'say   = ["radera", "sjuk"',
            '"radera" is said for clear_divert',
        ),
        (
            "reasons.toml",
            'say   = ["sjuk"',
            'say   = ["ja", "sjuk"',
            '"ja" is said for yes',
        ),
        (
            "reasons.toml",
            'say   = ["sjuk"',
            'say   = ["möte", "sjuk"',
            '"möte" is said for SAM',
        ),
        (
            "reasons.toml",
            'say   = ["sjuk"',
            f'say   = ["{"[är] " * 400}sjuk", "sjuk"',
            "SJK: it is said in more than 500 ways",
        ),
        ("reasons.toml", 'lasts = "30m"', 'lasts = "a while"', "UTE: "),
        ("reasons.toml", 'say   = ["sjuk"', 'says   = ["sjuk"', "SJK: a list"),
        ("numbers.toml", '7 = ["sju"]', "", "[units] has no word for 7"),
        ("numbers.toml", '7 = ["sju"]', 'sju = ["sju"]', "sju is no number"),
        ("numbers.toml", "[1, 53]", '"all"', "week: first and last number wanted"),
        ("codes.toml", 'clock   = "HH', 'clock   = "MM', "clock is HHMM"),
        ("codes.toml", '"23"', '"*23"', "absence must be digits"),
        ("prompts.toml", 'goodbye               = "Tack', 'good_day = "Tack', "never"),
        ("prompts.toml", "Nu gäller {divert}. Säg", "Nu gäller {d}. Säg", "{d}"),
        ("prompts.toml", '"Vilken orsak?"', '" "', "ask_reason has no text"),
        ("prompts.toml", '"Vilken orsak?"', '"Vilken {orsak?"', "cannot be read"),
        ("told.toml", 'example = "radera"', "", "clear_divert: example and keys"),
        ("told.toml", 'example = "radera"', 'example = "lunch"', "is no example of it"),
        ("told.toml", "[shorten_divert]", "[shrink]", "there is no shrink"),
        (
            "told.toml",
            'keys    = "*23*3*1520#"',
            "",
            "nothing can be keyed for shorten",
        ),
        ("lexicon.toml", '["t ɪ l", "t ɪ"]', "1", "till has no pronunciation"),
        ("lexicon.toml", '["t ɪ l", "t ɪ"]', "[]", "till has no pronunciation"),
        ("lexicon.toml", '["t ɪ l", "t ɪ"]', '["t", 1]', "till has no pronunciation"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(file, old, new, fault):
    told = [line for line in changed(file, old, new) if fault in line]
    assert told
    assert told[0].startswith(f"{file}:")


def test_all_faults_are_told_at_once():
    told = faults(
        sentences_toml=TEXTS["sentences.toml"].replace('"repetera"', '"repetera["'),
        words_toml=TEXTS["words.toml"].replace('"(åter om', '"<om> (åter om'),
        reasons_toml=TEXTS["reasons.toml"].replace('digit = "7"', 'digit = "6"'),
        prompts_toml=TEXTS["prompts.toml"].replace("greeting =", "greetings ="),
        places_toml=TEXTS["places.toml"].replace('"search", "seek"', '"maybe"'),
    )
    wanted = [
        "places.toml",
        "prompts.toml",
        "prompts.toml",
        "reasons.toml",
        "sentences.toml",
        "words.toml",
    ]
    assert sorted(line.partition(":")[0] for line in told) == wanted


def test_the_line_of_a_fault_is_where_it_stands():
    (told,) = changed("sentences.toml", '"repetera"', '"<repetera>"')
    assert told.startswith(f"sentences.toml:{line_of('sentences.toml', 'repetera')}: ")


def test_a_missing_prompt_is_asked_for():
    told = changed("prompts.toml", 'ask_reason      = "Vilken orsak?"\n', "")
    assert told == ["prompts.toml: ask_reason is missing: write what it says"]


def test_a_file_that_is_missing_or_no_toml_is_told_with_the_others():
    texts = {n: t for n, t in TEXTS.items() if n != "words.toml"}
    with pytest.raises(GrammarError) as error:
        load(texts | {"times.toml": "[clock\n"})
    told = sorted(str(error.value).splitlines())
    assert told[0].startswith("times.toml: not TOML: ")
    assert told[1] == "words.toml: the file is missing: put it back"


def test_an_empty_folder_misses_every_file(tmp_path):
    with pytest.raises(GrammarError) as error:
        read_catalog(tmp_path)
    assert len(str(error.value).splitlines()) == len(FILES)


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, str]:
    """Draw the grammar with a line lost, cut, changed, or another in its place."""
    name = draw(st.sampled_from(FILES))
    lines = TEXTS[name].splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    letter = st.text('[](){}|<>"~= x5', min_size=1, max_size=1)
    cut = draw(st.integers(0, len(lines[at])))
    other = st.sampled_from(TEXTS[draw(st.sampled_from(FILES))].splitlines())
    lines[at] = draw(
        st.sampled_from(["", lines[at][:cut]])
        | letter.map(lambda one: lines[at][:cut] + one + lines[at][cut + 1 :])
        | other
    )
    return TEXTS | {name: "\n".join(lines)}


@settings(max_examples=40)
@given(damaged())
def test_any_damage_is_told_or_does_no_harm(texts):
    try:
        catalog = load(texts)
    except GrammarError as error:
        for line in str(error).splitlines():
            assert re.match(r"\w+\.toml:(\d+:)? ", line), line
    else:
        assert catalog.words()


def test_no_two_reasons_are_said_alike(catalog):
    reasons = catalog.rules.slots["reason"].values()
    said = [phrase for way in reasons for phrase in phrases(way, catalog.rules)]
    assert sorted(said) == sorted(set(said))


def spoken(catalog: Catalog, words: Iterable[str]) -> dict[str, tuple[Phones, ...]]:
    own = {w: tuple(tuple(p.split()) for p in ps) for w, ps in catalog.lexicon.items()}
    return pronunciations(open_model(ROOT / "models"), words, own)


@pytest.mark.model
def test_every_word_has_a_pronunciation_in_the_phones_of_the_model(catalog):
    words = catalog.words() | catalog.lexicon.keys()
    assert spoken(catalog, words).keys() == words


@pytest.mark.model
def test_no_way_to_say_a_word_is_written_twice(catalog):
    for word, ways in catalog.lexicon.items():
        assert len({tuple(way.split()) for way in ways}) == len(ways), word


# Said alike, and no harm: the same meaning, or never in each other's place.
ALIKE = {
    ("att", "och"),  # "å"
    ("bli", "blir"),
    ("eh", "är"),  # neither changes what the other words mean
    ("ha", "har"),
    ("ja", "jag"),  # "ja" answers, "jag" begins
    ("nej", "nä"),
    ("vad", "var"),  # "va"
}


@pytest.mark.model
def test_only_true_homophones_are_said_alike(catalog):
    alike = defaultdict(set)
    for word, ways in spoken(catalog, catalog.words()).items():
        for way in ways:
            alike[way].add(word)
    groups = (tuple(sorted(words)) for words in alike.values())
    assert {group for group in groups if len(group) > 1} == ALIKE
