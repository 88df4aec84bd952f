"""Looks for sound where there must be none."""

from pathlib import Path

_BEGINNINGS = (b"RIFF", b"RIFX", b"RF64", b"OggS", b"fLaC", b".snd", b"FORM", b"ID3")


def sounds(folder: Path, *voices: bytes) -> list[Path]:
    """Return the files of a folder that begin as sounds do, or hold one of the voices.

    A voice is some bytes as they went over the line, which no file has by chance.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [file for file in files if _has_sound(file.read_bytes(), voices)]


def _has_sound(held: bytes, voices: tuple[bytes, ...]) -> bool:
    return held.startswith(_BEGINNINGS) or any(voice in held for voice in voices)
