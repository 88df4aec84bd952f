"""Telephone numbers, however an exchange or a person writes them, in one form."""

import re
from dataclasses import dataclass

# What is written between digits to be read more easily (RFC 3966 §5.1.1), and what
# Swedish lists and word processors put there.
_BETWEEN = re.compile(r"[\s().\-/\u00ad\u2010-\u2015\u2212]")
# ITU-T E.164: fifteen digits at most, and no country code begins with a nought.
_NORMAL = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """How numbers are written at a site; a prefix that it does not write is empty."""

    country: str = "46"
    trunk: str = "0"
    """Before a number of the site's own country."""
    international: str = "00"
    """Before a country code, where + is not written."""


def is_normal(number: str) -> bool:
    """Tell whether a number is in its one form: `+46701234567`."""
    return _NORMAL.fullmatch(number) is not None


def closed_up(number: str) -> str:
    """Return a number without what is only written to read it more easily."""
    return _BETWEEN.sub("", number)


def normal(number: str, plan: NumberPlan) -> str | None:
    """Return the number in its one form; None when it is none, as when it is withheld.

    An extension is none either: it is dialled without a prefix. Nothing is guessed,
    because a wrong guess would take one person for another.
    """
    text, *parameters = number.strip().split(";")
    if text[:4].lower() == "tel:":
        text = text[4:]
    digits = _BETWEEN.sub("", text)
    if not digits.startswith("+") and not _is_at_home(parameters, plan):
        return None
    ours = f"+{plan.country}"
    whole = _with_country(digits, plan)
    if plan.trunk and whole.startswith(ours + plan.trunk):
        # "+46 (0)70-123 45 67" is how many write it.
        whole = ours + whole.removeprefix(ours + plan.trunk)
        if whole.startswith(ours + plan.trunk):
            return None
    return whole if is_normal(whole) else None


def _with_country(digits: str, plan: NumberPlan) -> str:
    """Put the country code first, instead of the prefix that says how to read it."""
    # The trunk prefix is often the beginning of the international one.
    if plan.international and digits.startswith(plan.international):
        return "+" + digits.removeprefix(plan.international)
    if digits.startswith(plan.trunk) and digits[:1] != "+":
        return f"+{plan.country}{digits.removeprefix(plan.trunk)}"
    bare = not (plan.international or digits.startswith("+"))
    return f"+{digits}" if bare else digits


def _is_at_home(parameters: list[str], plan: NumberPlan) -> bool:
    """Tell whether a number without + is one of this site's (RFC 3966 §5.1.5)."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "phone-context" and value.startswith("+"):
            return _BETWEEN.sub("", value) == f"+{plan.country}"
    return True
