"""Text to telephone sound: recorded, remembered, kept or made now."""

import asyncio
from collections import OrderedDict
from importlib.metadata import version
from pathlib import Path
from typing import Self

from voice.sound import espeak
from voice.sound.kept import Kept
from voice.sound.level import as_samples, prepared
from voice.sound.recorded import Recorded
from voice.sound.synthesis import PATIENT, SWEDISH, Limits, Synthesis, Voice

_FORM = 2  # to be raised when `prepared` gives other bytes than before
_REMEMBERED = 64  # variable sentences


class Mouth:
    """The one voice of the house, for all calls at once.

    Everything it says is 8 kHz mono s16le in whole frames of 20 ms.
    """

    def __init__(
        self,
        voice: Voice = SWEDISH,
        cache: Path | None = None,
        recorded: Recorded | None = None,
        limits: Limits = PATIENT,
    ) -> None:
        self._voice = voice
        self._kept = Kept(cache, _recipe(voice)) if cache else None
        self._recorded = recorded
        self._fixed: dict[str, bytes] = {}
        self._variable: OrderedDict[str, bytes] = OrderedDict()
        self.synthesis = Synthesis(voice, limits)

    async def __aenter__(self) -> Self:
        await self.synthesis.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the speech process; a later `say` starts it again."""
        await self.synthesis.close()

    async def say(self, text: str, key: str | None = None, keep: bool = False) -> bytes:
        """Return the text as sound.

        A recording of the prompt `key` comes first. `keep` is for fixed prompts:
        only they are kept on disk, for other sentences tell of people. Raises
        `MouthError` when no sound can be made.
        """
        if self._recorded and key:
            recording = self._recorded.sound(key, text)
            if recording is not None:
                return recording
        sound = self._remembered(text)
        if sound is None:
            sound = await (self._fixed_sound(text) if keep else self._made(text))
            self._remember(text, sound, keep)
        return sound

    def _remembered(self, text: str) -> bytes | None:
        if text in self._variable:
            self._variable.move_to_end(text)
            return self._variable[text]
        return self._fixed.get(text)

    def _remember(self, text: str, sound: bytes, keep: bool) -> None:
        if keep:
            self._fixed[text] = sound
            return
        self._variable[text] = sound
        if len(self._variable) > _REMEMBERED:
            self._variable.popitem(last=False)

    async def _fixed_sound(self, text: str) -> bytes:
        if self._kept is None:
            return await self._made(text)
        sound = await asyncio.to_thread(self._kept.load, text)
        if sound is None:
            sound = await self._made(text)
            await asyncio.to_thread(self._kept.save, text, sound)
        return sound

    async def _made(self, text: str) -> bytes:
        if not text.strip():
            return b""
        spoken = as_samples(await self.synthesis.sound(text))
        # Resampling takes milliseconds of CPU: never on the event loop.
        return await asyncio.to_thread(prepared, spoken, espeak.RATE, self._voice.level)


def _recipe(voice: Voice) -> str:
    """Name everything that shapes the sound besides the text."""
    engines = [version(name) for name in ("espeakng-loader", "pyttsx3", "soxr")]
    return repr((_FORM, engines, voice))
