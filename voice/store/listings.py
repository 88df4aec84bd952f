"""What any store asks of the lines of a directory before it keeps them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from voice.divert.model import Extension
from voice.store.port import Listing, MailTakenError, MobileTakenError

# ITU-T E.164, as voice.numbering writes it.
_NORMAL = re.compile(r"\+[1-9][0-9]{6,14}")
# Enough to tell a slip; whether there is such an address only its server knows.
_MAIL = re.compile(r"[^\s@<>\"',;:\\]{1,64}@[^\s@<>\"',;:\\]+\.[^\s@<>\"',;:\\.]+")


def lines_to_keep(listings: Sequence[Listing]) -> tuple[Listing, ...]:
    """Return the lines as they are kept: each extension, mobile and word once.

    An extension that is listed twice is what it is listed as last.
    """
    return tuple({each.extension: _kept(each) for each in listings}.values())


def _kept(listing: Listing) -> Listing:
    if not all(_NORMAL.fullmatch(mobile) for mobile in listing.mobiles):
        raise ValueError("a mobile must be kept in its normal form")
    if listing.mail and not is_mail(listing.mail):
        raise ValueError("a mail address must be kept in its normal form")
    mobiles, search = dict.fromkeys(listing.mobiles), dict.fromkeys(listing.search)
    return replace(listing, mobiles=tuple(mobiles), search=tuple(search))


def is_mail(text: str) -> bool:
    """Tell whether it is a mail address in its normal form, in small letters.

    RFC 5321 tells large from small before the @, and no server known to us does.
    """
    return _MAIL.fullmatch(text) is not None and text == text.lower()


def holders(listings: Iterable[Listing]) -> dict[str, Extension]:
    """Return whom each mobile and mail is tied to.

    MobileTakenError or MailTakenError when that is two.
    """
    found: dict[str, Extension] = {}
    for listing in listings:
        one = listing.extension
        for mobile in listing.mobiles:
            if (other := found.setdefault(mobile, one)) != one:
                raise MobileTakenError(mobile, other, one)
        mail = listing.mail
        if mail and (other := found.setdefault(mail, one)) != one:
            raise MailTakenError(mail, other, one)
    return found


def changes(before: Listing, after: Listing) -> str:
    """Name what differs between two listings of somebody, and not what it is."""
    names = (each.name for each in fields(Listing))
    return " ".join(n for n in names if getattr(before, n) != getattr(after, n))


def is_called_otherwise(before: Listing | None, after: Listing | None) -> bool:
    """Tell whether a change is one of what a person is called or found by."""
    return _called(before) != _called(after)


def _called(listing: Listing | None) -> tuple[object, ...] | None:
    if listing is None:
        return None
    return listing.name, listing.unit, listing.search
