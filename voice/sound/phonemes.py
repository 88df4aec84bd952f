"""The program of the pronouncing process: words in on stdin, sounds out on stdout.

It is run by its path and imports nothing of ours. Both ways go lists of strings in
JSON. A word's sounds are espeak-ng's IPA for Swedish, "_" between them. When it goes
wrong, stderr says why and the exit code is not 0.
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable

SWEDISH = b"sv"
# speak_lib.h: espeak_Initialize, espeak_TextToPhonemes.
_NO_PLAYER = 2
_DO_NOT_EXIT = 0x8000
_WELL = 0
_UTF8 = 1
_IPA_WITH_SEPARATOR = 0x02 | ord("_") << 8
_LAST_RESORT = 60  # seconds


def main() -> None:
    """Say how the words of stdin sound."""
    # The watchdog of the asker is quicker; this is for an asker that was killed.
    signal.alarm(_LAST_RESORT)
    replies = os.dup(1)
    # The library may print on stdout, where only replies belong.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        sounds = _library()
    except (ImportError, OSError) as error:
        sys.exit(str(error))
    told = [sounds(word) for word in json.load(sys.stdin.buffer)]
    with open(replies, "wb") as pipe:
        pipe.write(json.dumps(told).encode())


def _library() -> Callable[[str], str]:
    """Return a function that gives the sounds of one word."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = str(espeakng_loader.get_data_path()).encode()
    if library.espeak_Initialize(_NO_PLAYER, 0, data, _DO_NOT_EXIT) < 0:
        raise OSError("espeak-ng finds no data")
    if library.espeak_SetVoiceByName(SWEDISH) != _WELL:
        raise OSError("espeak-ng has no Swedish voice")
    translate = library.espeak_TextToPhonemes
    translate.restype = ctypes.c_char_p
    translate.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]

    def sounds(word: str) -> str:
        # It reads a clause, and moves the pointer on; at the end it makes it null.
        rest = ctypes.c_char_p(word.encode())
        clauses = []
        while rest.value is not None:
            told: bytes = translate(ctypes.byref(rest), _UTF8, _IPA_WITH_SEPARATOR)
            clauses.append(told.decode())
        return "_".join(clauses)

    return sounds


if __name__ == "__main__":
    main()
