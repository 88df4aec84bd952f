"""The program of the speech process: sentences in on stdin, sound out on stdout.

It is run by its path and imports nothing of ours, so that it starts quickly. A
request is one line of JSON, `[number, text]`. A reply is a `HEADER` (number, whether
it went well, length) and the sound (or, when it went wrong, a text that says why).
Reply number 0 is sent unasked when the process is ready.

espeak-ng remembers: the same text sounds different after another one. Each sentence
is therefore spoken by a fork of its own, made ready while the one before is heard.
"""

import contextlib
import ctypes
import io
import json
import os
import signal
import struct
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

HEADER = struct.Struct("<I?I")
RATE = 22050  # samples a second, mono s16le; pyttsx3 writes no other
_SEED = 1
_LAST_RESORT = 10  # seconds

Speak: TypeAlias = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class _Fork:
    """A process that speaks one text: its id, where to write, where to read."""

    pid: int
    text: int
    sound: int


def main() -> None:
    """Speak what stdin asks for until it ends."""
    voice, rate, pitch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    replies = os.dup(1)
    # pyttsx3 prints on stdout, where only replies belong.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _load_library()

    def ready() -> _Fork:
        return _forked(lambda: _speaker(voice, rate, pitch), replies)

    _reply(replies, 0, _spoken(ready(), "a"))
    spare = ready()
    for line in sys.stdin.buffer:
        number, text = json.loads(line)
        _reply(replies, number, _spoken(spare, text))
        spare = ready()
    _spoken(spare, "")


def _load_library() -> None:
    """Load the espeak-ng of the wheel, which pyttsx3 then finds by its soname."""
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path())
    # Only now, or pyttsx3 would look for a library of the system.
    import pyttsx3.drivers.espeak  # noqa: F401


def _reply(replies: int, number: int, result: tuple[bool, bytes]) -> None:
    well, sound = result
    with open(replies, "wb", closefd=False) as pipe:
        pipe.write(HEADER.pack(number, well, len(sound)) + sound)


def _forked(prepare: Callable[[], Speak], replies: int) -> _Fork:
    """Fork a process that makes itself ready and waits for its one text."""
    text_out, text_in = os.pipe()
    sound_out, sound_in = os.pipe()
    pid = os.fork()
    if pid == 0:
        # A hung fork must not hold pipes open when those at the ends are gone.
        for handle in (0, replies, text_in, sound_out):
            os.close(handle)
        _speak_and_exit(prepare, text_out, sound_in)
    os.close(text_out)
    os.close(sound_in)
    return _Fork(pid, text_in, sound_out)


def _spoken(fork: _Fork, text: str) -> tuple[bool, bytes]:
    """Return whether it went well, and the sound or the reason."""
    # A fork that could not make itself ready has ended and says why below.
    with contextlib.suppress(BrokenPipeError), open(fork.text, "wb") as pipe:
        pipe.write(text.encode("utf-8", "surrogatepass"))
    with open(fork.sound, "rb") as pipe:
        sound = pipe.read()
    _, status = os.waitpid(fork.pid, 0)
    return status == 0, sound


def _speak_and_exit(prepare: Callable[[], Speak], text: int, sound: int) -> None:
    try:
        with open(text, "rb") as questions, open(sound, "wb") as answers:
            try:
                answers.write(_watched(prepare, questions))
            except (RuntimeError, ValueError) as error:
                answers.write(str(error).encode("utf-8", "replace"))
                raise
        os._exit(0)
    finally:
        os._exit(1)


def _watched(prepare: Callable[[], Speak], questions: io.BufferedReader) -> bytes:
    # The watchdog in the house is quicker; this is for a house that was killed.
    signal.alarm(_LAST_RESORT)
    speak = prepare()
    signal.alarm(0)
    text = questions.read()
    signal.alarm(_LAST_RESORT)
    return speak(text.decode()) if text else b""


def _speaker(voice: str, rate: int, pitch: int) -> Speak:
    """Return a function that gives one text as mono s16le at `RATE`."""
    import pyttsx3
    from pyttsx3.drivers import _espeak

    engine = pyttsx3.init("espeak")
    wrong: list[Exception] = []
    engine.connect("error", lambda name, exception: wrong.append(exception))
    # A new engine counts as busy and would hold the settings back until its loop
    # runs, where its first act, a Cancel, races with them (about 1 time in 75).
    engine.proxy.setBusy(False)
    for name, value in (("voice", voice), ("rate", rate), ("pitch", pitch)):
        engine.setProperty(name, value)
    # espeak-ng seeds the breath of some voices with the time of day.
    _espeak.dll.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
    _espeak.Synchronize()
    if wrong:
        raise RuntimeError(str(wrong[0]))

    def speak(text: str) -> bytes:
        file = io.BytesIO()
        # Given a file in memory, the driver needs no player and leaves no trace.
        engine.save_to_file(text, file)
        engine.runAndWait()
        file.seek(0)
        with wave.open(file) as sound:
            frames: bytes = sound.readframes(sound.getnframes())
        return frames

    return speak


if __name__ == "__main__":
    main()
