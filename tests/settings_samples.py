"""What the tests of settings share: a file, and the faults that are told of it."""

from pathlib import Path

import pytest

from voice.config import settings
from voice.settings_file import SettingError


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(folder: Path, text: str) -> list[str]:
    """Return the faults of a file, each from its line on."""
    file = written(folder, text)
    with pytest.raises(SettingError) as refused:
        settings({}, file)
    lines = str(refused.value).splitlines()
    assert all(line.startswith(f"{file}:") for line in lines)
    return [line.removeprefix(f"{file}:") for line in lines]
