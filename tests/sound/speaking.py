"""A program that speaks: texts in on stdin, their sound out on stdout, both in JSON.

It runs in a process of its own: in one that had run many other tests, the library was
once heard to fall silent after two texts.
"""

import ctypes
import json
import sys
from pathlib import Path

import espeakng_loader
import numpy as np
import soxr

# speak_lib.h: sound is handed over before the call returns, and is not played.
_SYNCHRONOUS, _UTF8 = 2, 1
_RATE = 8000


def main() -> None:
    """Speak each text in Swedish, at 8 kHz."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = str(Path(espeakng_loader.get_data_path()).parent).encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
    heard = bytearray()

    def keep(sound: int, count: int, events: int) -> int:
        if sound and count > 0:
            heard.extend(ctypes.string_at(sound, 2 * count))
        return 0

    kind = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
    )
    callback = kind(keep)
    library.espeak_SetSynthCallback(callback)
    assert library.espeak_SetVoiceByName(b"sv") == 0
    told = {}
    for text in json.load(sys.stdin):
        heard.clear()
        said = text.encode() + b"\0"
        library.espeak_Synth(said, len(said), 0, 0, 0, _UTF8, None, None)
        sound = np.frombuffer(bytes(heard), "<i2").astype(np.float32)
        told[text] = soxr.resample(sound, rate, _RATE).astype("<i2").tobytes().hex()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
