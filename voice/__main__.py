"""`telefonist` and `python -m voice`: runs one command, and says what went wrong."""

import contextlib
import ctypes
import logging
import os
import sys

# A call is decoded on one core: many calls share the cores, and threads that wait for
# each other inside one matrix product cost more than the product. It must be said
# before the libraries are loaded.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from voice.commands.app import app  # noqa: E402
from voice.commands.options import complain  # noqa: E402
from voice.errors import VoiceError  # noqa: E402

# mallopt(3): the most heaps that the C library keeps beside each other. By default each
# thread that decodes has one of its own, and keeps what it has freed.
_M_ARENA_MAX, _HEAPS = -8, 2


def main() -> None:
    """Run the command line; 0 is well, 1 refused or wrong, 2 wrongly called."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        app()
    except VoiceError as error:
        complain(f"telefonist: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
