"""Settings, read once from the environment and handed down in parts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from voice.errors import VoiceError

_PREFIX = "TELEFONIST_"
_PACKAGE = Path(__file__).parent


class SettingError(VoiceError):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a call waits, in seconds."""

    whole: float = 0.2
    """Quiet after a sentence that nothing can extend."""
    extendable: float = 0.6
    """Quiet after a sentence that could go on."""
    incomplete: float = 1.2
    """Quiet in the middle of a sentence."""
    silence: float = 5.0
    """A caller who says nothing is spoken to after this."""
    between_keys: float = 2.5
    """Keys that could go on are complete after this."""
    call: float = 300.0
    """No call lasts longer."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a site can set."""

    grammar: Path
    models: Path
    demo: Path
    cache: Path
    store: str
    recorded: Path | None
    waiting: Waiting


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; SettingError names the one that is wrong."""
    known = {f"{_PREFIX}{name}" for name in (*_TEXTS, *_SECONDS)}
    for name in environment:
        if name.startswith(_PREFIX) and name not in known:
            raise SettingError(
                f"{name} is no setting: use one of {', '.join(sorted(known))}."
            )

    def path(name: str, default: Path) -> Path:
        return _at_home(environment.get(f"{_PREFIX}{name}", str(default)))

    recorded = environment.get(f"{_PREFIX}PROMPTS")
    return Settings(
        grammar=path("GRAMMAR", _shipped("grammar")),
        models=path("MODELS", _shipped("models")),
        demo=_shipped("demo"),
        cache=path("CACHE", user_cache_path("telefonist")),
        store=environment.get(f"{_PREFIX}STORE", f"sqlite:///{default_database()}"),
        recorded=_at_home(recorded) if recorded else None,
        waiting=_waiting(environment),
    )


def default_database() -> Path:
    """Return where the store is, unless a setting says otherwise."""
    return user_data_path("telefonist") / "telefonist.db"


_TEXTS = ("GRAMMAR", "MODELS", "CACHE", "STORE", "PROMPTS")
_SECONDS = {
    "WAIT_WHOLE": "whole",
    "WAIT_EXTENDABLE": "extendable",
    "WAIT_INCOMPLETE": "incomplete",
    "WAIT_SILENCE": "silence",
    "WAIT_BETWEEN_KEYS": "between_keys",
    "LONGEST_CALL": "call",
}


def _at_home(path: str) -> Path:
    # Unlike Path.expanduser, this leaves an unknown user's ~ as it is.
    return Path(os.path.expanduser(path))


def _waiting(environment: Mapping[str, str]) -> Waiting:
    given: dict[str, float] = {}
    for name, field in _SECONDS.items():
        text = environment.get(f"{_PREFIX}{name}")
        if text is None:
            continue
        try:
            given[field] = float(text)
        except ValueError:
            given[field] = 0.0
        if not 0 < given[field] < float("inf"):
            raise SettingError(
                f"{_PREFIX}{name} must be seconds above 0, not {text!r}."
            )
    return Waiting(**given)


def _shipped(name: str) -> Path:
    """Return a folder of data: in an installed wheel, or beside the source."""
    installed = _PACKAGE / "data" / name
    beside = {"demo": "audio-fixtures/demo"}.get(name, name)
    return installed if installed.is_dir() else _PACKAGE.parent / beside
