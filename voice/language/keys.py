"""Keys pressed at a place of the dialogue -> what was meant by them."""

import re
from dataclasses import replace

from voice.dialogue.heard import Digits, Happened, Heard, Meant, Unclear
from voice.divert.codes import Progress, parse, progress
from voice.divert.model import Refused, Site, Source
from voice.language.catalog import Catalog
from voice.language.understand import Here, understand

# Where a reason is asked for: its digit, then perhaps a star and four digits.
_REASON_PLACE = "reason"
_REASON = re.compile(r"(\d+)(\*\d{4})?#?")
_REASON_BEGUN = re.compile(r"\d+(\*\d{0,4})?")


def understand_keys(
    keys: str, finished: bool, here: Here, catalog: Catalog, site: Site
) -> Heard | None:
    """Return what the keys mean; None while more are needed or could still come.

    `finished` tells that no more will come: the caller has paused.
    """
    here = replace(here, how=Source.KEYS)
    there = catalog.places[here.place]
    known = there.keys
    if there.digits and keys.rstrip("#").isdecimal():
        return Digits(keys.rstrip("#")) if finished or keys[-1] == "#" else None
    goes_on = any(other.startswith(keys) and other != keys for other in known)
    code = progress(keys, catalog.codes) if there.codes else Progress.WRONG
    if code is Progress.WHOLE:
        return _code(keys, here, catalog, site)
    begun = here.place == _REASON_PLACE and bool(_REASON_BEGUN.fullmatch(keys))
    # A wrong code is heard out, or its last # would be taken for a key by itself.
    wrong = keys[0] in "*#" and keys not in known and not keys[1:].endswith("#")
    if not finished and (goes_on or begun or wrong or code is Progress.COULD_GO_ON):
        return None
    if keys in known:
        return understand(known[keys], here, catalog)
    if here.place == _REASON_PLACE and (digits := _REASON.fullmatch(keys)):
        short = f"*{catalog.codes.absence}*{digits[1]}{digits[2] or ''}#"
        return _code(short, here, catalog, site)
    return Unclear()


def _code(keys: str, here: Here, catalog: Catalog, site: Site) -> Heard:
    match parse(keys, catalog.codes, site, here.extension, here.moment.now):
        case Refused() as refused:
            return Happened(refused)
        case command:
            return Meant(command, sure=True)
