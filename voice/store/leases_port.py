"""What we ask of any database about what only one program at a time is to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lease:
    """What is to be done by one program at a time, and which program would do it."""

    name: str
    holder: str
    """No two programs have the same; it is shown to people."""


class Leases(Protocol):
    """Who does what only one program is to do, of all that share the store.

    They end by one clock, the store's own: those of two servers may be apart. And an
    end only says when another may take over: whoever was overtaken changes nothing
    more under a lease (`Store.under`), whatever any clock says.
    """

    async def take(self, lease: Lease, length: timedelta) -> str:
        """Hold a lease for so long from now, unless another does; return its holder.

        Of many who try at once, in whichever process, one gets it.
        """
        ...

    async def give_up(self, lease: Lease) -> None:
        """Let others take a lease at once; one that is not ours is left as it is."""
        ...


def is_over(until: datetime, now: datetime, length: timedelta) -> bool:
    """Tell whether a lease of such a length may be taken by another."""
    # One that ends later than any could that was taken before now is of a clock that
    # has been set back since: nobody is kept waiting for hours.
    return until <= now or until > now + 2 * length
