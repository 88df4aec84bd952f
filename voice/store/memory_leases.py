"""Leases in memory: the twin of those in a database."""

from datetime import UTC, datetime, timedelta

from voice.store.leases_port import Lease, is_over
from voice.store.memory_contents import Contents


class MemoryLeases:
    """Who does what only one program is to do; here, which part of a program."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def take(self, lease: Lease, length: timedelta) -> str:
        """Hold a lease for so long from now, unless another does; return its holder."""
        now = datetime.now(UTC)
        holder, until = self._contents.leases.get(lease.name, (lease.holder, now))
        if holder == lease.holder or is_over(until, now, length):
            holder = lease.holder
            self._contents.leases[lease.name] = holder, now + length
        return holder

    async def give_up(self, lease: Lease) -> None:
        """Let others take a lease at once; one that is not ours is left as it is."""
        holder, _ = self._contents.leases.get(lease.name, (None, None))
        if holder == lease.holder:
            del self._contents.leases[lease.name]
