"""The commands, gathered under one name."""

import typer

from voice.commands import (
    access_keys,
    advice,
    bench,
    demo,
    dialogue,
    directory_server,
    diverts,
    hear,
    hooks,
    model,
    people,
    person,
    pins,
    replay,
    retention,
    serve,
    talk,
    transcripts,
    upkeep,
    users,
    web,
    words,
)
from voice.commands.options import name_settings

app = typer.Typer(
    name="telefonist",
    help="An offline, voice-operated telephonist for absence diverts, in Swedish.",
    epilog="Begin with: telefonist demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(name_settings)
app.command(epilog="Example: telefonist demo")(demo.demo)
app.command(
    epilog="Example: telefonist replay call.wav --from 1234 --now 2026-03-05T11:40\n\n"
    "Example: telefonist replay audio-fixtures"
)(replay.replay)
app.command(
    epilog="Example: telefonist hear lunch.wav --place start --json\n\n"
    "Example: telefonist hear *.wav --phrases my-phrases.txt"
)(hear.hear)
app.command(epilog='Example: telefonist understand "sammanträde till halv tre" --json')(
    words.understand
)
app.command(epilog="Example: telefonist code '*23*3*1530#' --json")(words.code)
app.command(epilog="Example: telefonist dialogue --table")(dialogue.dialogue)
app.command(epilog="Example: telefonist talk --from 1234")(talk.talk)
app.command(
    epilog="Example: telefonist prompts\n\n"
    "Example: telefonist prompts --check my-recordings"
)(upkeep.prompts)
app.command(
    epilog="Example: telefonist check --settings telefonist.toml\n\n"
    "Example: telefonist check --example > telefonist.toml"
)(upkeep.check)
app.command(epilog="Example: telefonist serve --settings telefonist.toml")(serve.serve)
app.command(epilog="Example: telefonist web --settings telefonist.toml")(web.web)
app.command(epilog="Example: telefonist bench --json")(bench.bench)
app.command(
    epilog="Example: telefonist model report",
    # Options after the STEP are the step's own.
    context_settings={"allow_interspersed_args": False},
)(model.model)
people.extensions.command(
    "sync", epilog="Example: telefonist extension sync --dry-run"
)(directory_server.sync)
app.add_typer(people.extensions, name="extension")
app.add_typer(pins.pins, name="pin")
app.add_typer(users.users, name="user")
app.add_typer(access_keys.keys, name="key")
app.add_typer(hooks.hooks, name="hook")
app.add_typer(diverts.diverts, name="divert")
app.add_typer(advice.calendars, name="calendar")
app.add_typer(transcripts.calls, name="calls")
app.add_typer(person.person, name="person")
app.add_typer(retention.retention, name="retention")
