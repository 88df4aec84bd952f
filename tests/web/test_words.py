"""What pages say: the same in both languages, whole, and every fault told by line."""

import re
from pathlib import Path

import pytest

from voice.language.faults import GrammarError
from voice.web.rendering import FOLDER, environment
from voice.web.static_files import read_static
from voice.web.words import FILES, Language, chosen_language, read_words
from voice.web_service import read_web_words

ROOT = Path(__file__).parent.parent.parent
TEXTS = {name: (ROOT / "grammar" / name).read_text("utf-8") for name in FILES.values()}
WORDS = read_words(TEXTS)
USED = re.compile(r'\bt\(\s*"([a-z0-9_]+\.[a-z0-9_]+)"\s*[,)]')
MADE = re.compile(r'\bt\(\s*"([a-z0-9_]+\.[a-z0-9_]*)"\s*~')
IN_CODE = re.compile(r'"([a-z0-9_]+\.[a-z0-9_]+)"')
CODE = sorted((ROOT / "voice/web").rglob("*.py"))
TEMPLATES = sorted(FOLDER.rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_exists_in_each_language(template: Path):
    used = set(USED.findall(template.read_text("utf-8")))
    for language in Language:
        assert {key for key in used if key not in WORDS[language]} == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_text_that_a_template_puts_together_has_a_beginning(template: Path):
    keys = tuple(WORDS[Language.SWEDISH].texts)
    for beginning in MADE.findall(template.read_text("utf-8")):
        assert any(key.startswith(beginning) for key in keys), beginning


def test_every_text_that_code_names_exists():
    texts = WORDS[Language.SWEDISH].texts
    sections = {key.partition(".")[0] for key in texts}
    files = {path.name for path in FOLDER.iterdir()}
    named = {key for path in CODE for key in IN_CODE.findall(path.read_text("utf-8"))}
    ours = {key for key in named - files if key.partition(".")[0] in sections}
    assert len(ours) > 5
    assert ours - texts.keys() == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_by_itself(template: Path):
    text = template.read_text("utf-8")
    for mark in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>"):
        text = re.sub(mark, " ", text, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]{2,}", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_forbids(template: Path):
    text = template.read_text("utf-8")
    forbidden = r"\|\s*safe\b|\sstyle=|\son[a-z]+=|hx-on|js:|<style|<script(?! src)"
    assert re.findall(forbidden, text) == []


def test_every_template_can_be_read():
    made = environment(read_static())
    assert len(made.list_templates()) == len(TEMPLATES)
    for name in made.list_templates():
        made.get_template(name)


def faults(**changed: str) -> list[str]:
    """Return what is wrong with the words when they hold something more."""
    texts = {
        FILES[Language(name)]: TEXTS[FILES[Language(name)]] + text
        for name, text in changed.items()
    }
    with pytest.raises(GrammarError) as error:
        read_words(TEXTS | texts)
    return str(error.value).splitlines()


def test_a_text_that_one_language_lacks_is_told():
    assert faults(sv='[new]\ntitle = "Ny"\n') == [
        "web-en.toml: new.title is missing: write it as in the other language"
    ]
    assert faults(en='[new]\ntitle = "New"\n') == [
        "web.toml: new.title is missing: write it as in the other language"
    ]


def test_a_text_that_is_filled_in_otherwise_is_told_by_its_line():
    (told,) = faults(
        sv='[new]\ntitle = "Åter {when}"\n', en='[new]\ntitle = "Back {until}"\n'
    )
    line = TEXTS["web-en.toml"].count("\n") + 2
    assert told.startswith(f"web-en.toml:{line}: new.title is not filled in")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[new]\ntitle = " "\n', "title has no text"),
        ("[new]\ntitle = 5\n", "title has no text"),
        ('[new]\ntitle = "Åter {when"\n', "a brace stands alone"),
        ("[new\n", "not TOML"),
    ],
)
def test_a_text_that_is_none_is_told(text: str, says: str):
    assert any(says in line for line in faults(sv=text))


def test_what_a_site_s_own_copy_of_an_earlier_version_says_is_made_whole():
    own = TEXTS["web.toml"].replace('log_out     = "Logga ut"\n', "")
    own = own.replace('home        = "Till Min startsida"', 'home = "Hem"')
    own = own.replace('"för {length} sedan"', '"{count} sedan"')
    own += '[gone]\ntitle = "Finns inte längre"\n'
    words = read_words(TEXTS | {"web.toml": own}, WORDS)[Language.SWEDISH]
    assert words("site.home") == "Hem"
    assert words("site.log_out") == "Logga ut"
    # What it fills in is not what there is to fill in any more.
    assert words("date.ago", length="3 minuter") == "för 3 minuter sedan"
    assert words.texts.keys() == WORDS[Language.SWEDISH].texts.keys()


def test_a_web_is_read_from_a_grammar_that_has_no_words_for_it(tmp_path: Path):
    (tmp_path / "web.toml").write_text('[site]\nname = "Växeln"\n', "utf-8")
    words = read_web_words(tmp_path)
    assert words[Language.SWEDISH]("site.name") == "Växeln"
    assert words[Language.ENGLISH].texts == WORDS[Language.ENGLISH].texts


def test_a_key_in_no_section_is_told():
    with pytest.raises(GrammarError, match="web.toml:1: loose stands in no section"):
        read_words(TEXTS | {"web.toml": f'loose = "x"\n{TEXTS["web.toml"]}'})


def test_a_missing_file_is_told_by_its_name():
    with pytest.raises(GrammarError, match=r"web-en\.toml: the file is missing"):
        read_words({"web.toml": TEXTS["web.toml"]})


@pytest.mark.parametrize(
    ("kept", "accepted", "language"),
    [
        (None, "", "sv"),
        (None, "sv-SE, sv;q=0.9, en;q=0.8", "sv"),
        (None, "de, en-GB;q=0.7, sv;q=0.3", "en"),
        (None, "de-DE, fr", "sv"),
        ("en", "sv", "en"),
        ("<script>", "en", "en"),
        (None, "en;q=0, sv;q=nan", "sv"),
        (None, "en;q=, sv;" * 1000, "sv"),
    ],
)
def test_the_language_is_the_one_chosen_or_liked_best(
    kept: str | None, accepted: str, language: str
):
    assert chosen_language(kept, accepted) == language
