"""Spoken prompts kept on disk, so that each is made once."""

import hashlib
import logging
import os
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

_DIGEST = hashlib.sha256().digest_size


class Kept:
    """A folder of sounds, named by what made them and what they say.

    `recipe` names everything that shapes the sound besides the text. A folder that
    cannot be read or written is no fault: then nothing is kept.
    """

    def __init__(self, folder: Path, recipe: str) -> None:
        self._folder = folder
        self._recipe = recipe

    def load(self, text: str) -> bytes | None:
        """Return the sound of the text; None when it is not kept whole."""
        try:
            content = self._path(text).read_bytes()
        except OSError:
            return None
        digest, sound = content[:_DIGEST], content[_DIGEST:]
        return sound if hashlib.sha256(sound).digest() == digest else None

    def save(self, text: str, sound: bytes) -> None:
        """Keep the sound of the text, whole or not at all."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._replace(self._path(text), hashlib.sha256(sound).digest() + sound)
        except OSError as error:
            log.warning("prompts are not kept in %s: %s", self._folder, error.strerror)

    def _path(self, text: str) -> Path:
        made_of = f"{self._recipe}\0{text}".encode("utf-8", "surrogatepass")
        return self._folder / f"{hashlib.sha256(made_of).hexdigest()}.sound"

    def _replace(self, path: Path, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder)
        try:
            with open(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
