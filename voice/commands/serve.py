"""`serve`: the telephone service, until it is asked to end."""

import asyncio
import logging
import signal
from collections.abc import Mapping

from rich.markup import escape

from voice.calls.switchboard import WithCall
from voice.commands.options import SettingsFile, console, settings, store_at
from voice.config import Settings
from voice.phone.port import Exchange
from voice.serving import serve as serve_calls

_FORM = "%(asctime)s %(levelname)s %(call)s %(name)s: %(message)s"


def serve(settings_file: SettingsFile = None) -> None:
    """Answer calls until SIGTERM or Ctrl-C; those that stand then may end.

    A second signal ends them at once.
    """
    chosen = settings(settings_file)
    _log_calls()
    try:
        asyncio.run(_serve(chosen))
    except KeyboardInterrupt:
        console.print("Ended at once.")


def _log_calls() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORM))
    handler.addFilter(WithCall())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Whether the tables are up to date is of no interest at every start.
    logging.getLogger("alembic").setLevel(logging.WARNING)


async def _serve(chosen: Settings) -> None:
    leave = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked_to_leave(number: signal.Signals) -> None:
        leave.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_leave, number)

    def ready(lines: Mapping[str, Exchange]) -> None:
        for name, line in lines.items():
            mark = "[green]✓[/green]" if line.condition.ready else "[red]✗[/red]"
            console.print(f"{mark} {name}: {escape(line.condition.detail)}")
        console.print("Calls are answered.")

    async with store_at(chosen.store) as store:
        await serve_calls(chosen, store, leave, ready)
