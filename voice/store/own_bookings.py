"""Our own bookings in calendars, in a database."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from voice.divert.model import Extension, Mark, Mode, ReasonCode
from voice.store.engine import Database, to_the_end
from voice.store.link_values import booking_in_utc
from voice.store.links_port import OwnBooking, Step
from voice.store.port import UnknownExtensionError
from voice.store.tables import own_bookings


class DatabaseOwnBookings:
    """Our own bookings in calendars."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def of(self, extension: Extension) -> tuple[OwnBooking, ...]:
        """Return those of one extension, by key."""
        query = select(own_bookings).where(own_bookings.c.extension == extension)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(map(_booking, sorted(rows, key=lambda row: row["key"])))

    @to_the_end
    async def put(self, bookings: Iterable[OwnBooking]) -> None:
        """Write some down, each in the place of the one with its key; all or none."""
        kept = [booking_in_utc(booking) for booking in bookings]
        async with self._database.writing() as connection:
            for booking in kept:
                await connection.execute(delete(own_bookings).where(_is(booking)))
                try:
                    await connection.execute(insert(own_bookings).values(_row(booking)))
                except IntegrityError as fault:
                    raise UnknownExtensionError(booking.extension) from fault

    @to_the_end
    async def amend(self, before: OwnBooking, after: OwnBooking) -> bool:
        """Write one down in its own place if it is as it was before; tell whether."""
        was = _row(booking_in_utc(before)).items()
        same = (own_bookings.c[name].is_not_distinct_from(value) for name, value in was)
        change = update(own_bookings).where(*same).values(_row(booking_in_utc(after)))
        async with self._database.writing() as connection:
            return (await connection.execute(change)).rowcount > 0

    @to_the_end
    async def forget(self, extension: Extension, keys: Iterable[str]) -> None:
        """Strike some out; one that is not there is no error."""
        mine = own_bookings.c.extension == extension
        those = own_bookings.c.key.in_(list(keys))
        async with self._database.writing() as connection:
            await connection.execute(delete(own_bookings).where(mine & those))

    @to_the_end
    async def unsettled(self) -> tuple[Extension, ...]:
        """Return the extensions that have any booking here, in order."""
        query = select(own_bookings.c.extension).distinct()
        async with self._database.reading() as connection:
            found = (await connection.scalars(query)).all()
        return tuple(sorted(map(Extension, found)))


def _is(booking: OwnBooking) -> Any:
    return and_(
        own_bookings.c.extension == booking.extension, own_bookings.c.key == booking.key
    )


def _row(booking: OwnBooking) -> dict[str, Any]:
    return {
        "extension": booking.extension,
        "key": booking.key,
        "reason": booking.mark.reason,
        "mode": booking.mark.mode.value,
        "start": booking.start,
        "end": booking.end,
        "step": booking.step.value,
        "attempts": booking.attempts,
        "due": booking.due,
    }


def _booking(row: RowMapping) -> OwnBooking:
    return OwnBooking(
        extension=Extension(row["extension"]),
        key=row["key"],
        mark=Mark(ReasonCode(row["reason"]), Mode(row["mode"])),
        start=row["start"],
        end=row["end"],
        step=Step(row["step"]),
        attempts=row["attempts"],
        due=row["due"],
    )
