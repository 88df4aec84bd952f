"""The picture of who may import whom, executed."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VOICE = ROOT / "voice"
MAY_IMPORT: dict[str, set[str]] = {
    "calendars": {"divert"},
    "divert": set(),
    "dialogue": {"divert"},
    "language": {"divert", "dialogue"},
    "ldap": set(),
    "phone": set(),
    "sound": set(),
    "store": {"divert"},
    "web": {"divert", "language", "store"},
}
# The top files put the rooms together, and may import anything; so may these.
OPEN = {"calls", "commands", "coupling", "data", "trials"}
PURE = ("divert", "dialogue", "language", "web/pages")
OUTSIDE = {
    "asyncio",
    "httpx",
    "logging",
    "os",
    "pathlib",
    "random",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "subprocess",
    "sys",
    "threading",
    "vosk",
}
LONGEST = 300
# The folders in which every Python file is kept short.
SHORT = ("voice", "tests", "models/recipe", "audio-fixtures/recipe")


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, written out in full."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                assert not node.level, f"{path}: write out what is imported"
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)


def rooms_of(path: Path) -> set[str]:
    ours = (module for module in imports(path) if module.startswith("voice."))
    return {module.split(".")[1] for module in ours}


def files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*.py") if ".venv" not in path.parts]
    assert found, folder
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room, "errors"}
    for path in files(VOICE / room):
        assert rooms_of(path) <= allowed, path


def test_every_room_is_in_the_picture() -> None:
    rooms = {path.parent.name for path in VOICE.glob("*/__init__.py")}
    assert rooms - OPEN == MAY_IMPORT.keys()


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_never_touches_the_world(room: str) -> None:
    for path in files(VOICE / room):
        tops = {module.split(".")[0] for module in imports(path)}
        assert tops.isdisjoint(OUTSIDE), path


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_reads_no_clock(room: str) -> None:
    for path in files(VOICE / room):
        assert set(clocks_read(path)) == set(), path


def clocks_read(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(ast.Attribute(ast.Name("datetime" | "date" | "time"), name)):
                if name in ("now", "utcnow", "today", "time", "monotonic"):
                    yield name


@pytest.mark.parametrize("room", [*MAY_IMPORT, *sorted(OPEN - {"data"})])
def test_a_room_is_imported_by_its_files_and_holds_one_docstring(room: str) -> None:
    body = ast.parse((VOICE / room / "__init__.py").read_text("utf-8")).body
    assert [type(node) for node in body] == [ast.Expr]


@pytest.mark.parametrize("folder", SHORT)
def test_no_file_is_longer_than_a_few_screens(folder: str) -> None:
    for path in files(ROOT / folder):
        assert len(path.read_text("utf-8").splitlines()) <= LONGEST, path


@pytest.mark.parametrize("folder", SHORT)
def test_every_file_says_first_what_it_is_for(folder: str) -> None:
    for path in files(ROOT / folder):
        assert path.read_text("utf-8").startswith('"""'), path


def test_no_two_files_of_tests_have_one_name() -> None:
    """Tests import each other by bare names, of which the first found is taken."""
    paths = [path for path in files(ROOT / "tests") if path.parent.name != "fakes"]
    names = Counter(path.name for path in paths if path.name != "conftest.py")
    assert [name for name, count in names.items() if count > 1] == []
