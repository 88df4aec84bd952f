"""Asks for a secret where nobody sees it, and never as an argument."""

import sys

import typer


def asked(question: str, longest: int) -> str:
    """Return what is typed twice and unseen, or the first line of what comes in.

    What is longer than any such secret comes back cut, and is still too long.
    """
    if not sys.stdin.isatty():
        # Bytes, because what is no text would be shown in the fault that it makes; and
        # no more of them, so that a wrong file on the way in is not read to its end.
        line = sys.stdin.buffer.readline(longest)
        return line.rstrip(b"\r\n").decode(errors="replace")
    typed = typer.prompt(
        question,
        hide_input=True,
        confirmation_prompt="The same once more",
        err=True,
    )
    return str(typed)
