"""Hooks, told by one program of all that share a store, for as long as its web runs."""

from voice.leasing import Turns, lease
from voice.web.hooks.calling import calling
from voice.web.hooks.telling import Teller
from voice.web.port import House

NAME = "webhooks"


async def keep_telling_hooks(house: House) -> None:
    """Tell hooks what happens to diverts whenever it is our turn, until cancelled."""

    async def telling() -> None:
        async with calling(house.settings.hooks_inside) as caller:
            await Teller(house.store, house.catalog, caller, house.now).run()

    await Turns(house.store.leases, lease(NAME)).run(telling)
