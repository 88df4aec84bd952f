"""The kept report as tables to read: every share with where it lies by 95 %."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console, RenderableType
from rich.table import Table

from recipe.measure import Accepted, Count, Group, Row, Share, Word
from recipe.report_kept import Peers, Report

MOST = 12  # of the worst words, and of the commonest confusions
WIDTH = 100


def text(report: Report) -> str:
    """Return the whole report as plain text."""
    return _printed(parts(report))


def peers_text(told: Peers) -> str:
    """Return what was measured of the peers as plain text."""
    return _printed(_peers(told))


def _printed(some: Iterable[RenderableType]) -> str:
    told = io.StringIO()
    console = Console(file=told, width=WIDTH, highlight=False, markup=False)
    for part in some:
        console.print(part)
    return told.getvalue()


def parts(report: Report) -> Iterator[RenderableType]:
    """Yield the tables, and the lines that stand between them."""
    lists = ", ".join(f"{one.name} {one.size}" for one in report.lists)
    yield f"Measured {report.date} by: {report.command}"
    yield (
        f"Model {report.model}; ask from {report.ask:g}, do from {report.do:g}. "
        f"Phrases in each list: {lists}."
    )
    yield from (f"{note}." for note in report.notes)
    whole = [row for row in report.rows if not row.group.speaker]
    for (source, phrases), rows in groupby(whole, _source):
        some = list(rows)
        yield _accuracy(f"{source}, {phrases}: right", some)
        yield _levels(f"{source}, {phrases}: at the shipped levels", some)
    yield _speakers([row for row in report.rows if row.group.speaker])
    yield _worst(report.words)
    yield _counts("heard instead", "said", report.confusions)
    yield _counts("foreign, accepted as sure", "said", report.taken)
    if report.peers is not None:
        yield from _peers(report.peers)


def _source(row: Row) -> tuple[str, str]:
    return row.group.source, row.group.phrases


def share(told: Share | None) -> str:
    """Return the share with its interval: "84 % (77-90)"; a dash for one of none."""
    if told is None or not told.of:
        return "-"
    low, high = told.interval
    return f"{told.value:.0%} ({100 * low:.0f}-{100 * high:.0f})".replace("%", " %", 1)


def _right(told: Accepted | None) -> str:
    return share(told.right) if told else "-"


def _foreign(row: Row) -> str:
    told = row.do or row.ask or row.ten
    return str(told.foreign.of) if told else "-"


def _accuracy(title: str, rows: Iterable[Row]) -> Table:
    table = _table(title, "line", "clips", "foreign", "best phrase")
    table.add_column("at 10 % foreign")
    table.add_column("at 3 % foreign")
    for row in rows:
        shares = (share(row.best), _right(row.ten), _right(row.three))
        table.add_row(row.group.line, str(row.best.of), _foreign(row), *shares)
    return table


def _levels(title: str, rows: Iterable[Row]) -> Table:
    told = [f"{level}: {what}" for level in ("ask", "do") for what in _WHAT]
    table = _table(title, "line", *told)
    for row in rows:
        table.add_row(row.group.line, *_three(row.ask), *_three(row.do))
    return table


_WHAT = ("right", "wrong", "foreign")


def _three(told: Accepted | None) -> Sequence[str]:
    if told is None:
        return ["-"] * len(_WHAT)
    return [_counted(one) for one in (told.right, told.wrong, told.foreign)]


def _counted(told: Share) -> str:
    # With the counts, because one wrong command in a thousand would be 0 %.
    return f"{told.hits}/{told.of} {share(told)}".replace(" (", "\n(")


def _speakers(rows: Iterable[Row]) -> Table:
    table = _table("by speaker", "speaker", "source", "line", "clips", "best phrase")
    for what in ("right", "foreign"):
        table.add_column(f"do: {what}")
    for row in rows:
        group, _, foreign = row.group, *_right_and_foreign(row)
        where = f"{group.source}, {group.phrases}"
        table.add_row(
            *(group.speaker, where, group.line, str(row.best.of), share(row.best)),
            *(_right(row.do), foreign),
        )
    return table


def _right_and_foreign(row: Row) -> tuple[str, str]:
    return _right(row.do), share(row.do.foreign) if row.do else "-"


def _worst(words: Iterable[Word]) -> Table:
    table = _table("worst phrases, all lines together", "source", "phrase", "right")
    for _, some in groupby(sorted(words, key=_of_word), _of_word):
        for word in list(some)[:MOST]:
            hits = f"{word.right.hits} of {word.right.of}"
            table.add_row(word.source, word.text, f"{hits}, {share(word.right)}")
    return table


def _of_word(word: Word) -> str:
    return word.source


def _counts(title: str, said: str, counts: Iterable[Count]) -> Table:
    table = _table(title, "source", said, "heard as", "times")
    ranked = sorted(counts, key=_of_count)
    for _, some in groupby(ranked, _of_count):
        for count in list(some)[:MOST]:
            table.add_row(
                *(count.source, count.said or "(nothing)", count.heard or "(nothing)"),
                str(count.times),
            )
    return table


def _of_count(count: Count) -> str:
    return count.source


def _peers(told: Peers) -> Iterator[RenderableType]:
    yield f"Peers, measured {told.date} by: {told.command} ({told.machine})"
    ours = told.peers[0]
    cost = _table("cost", "recognizer", "CPU s a second", "peak MB", "loading, CPU s")
    for peer in told.peers:
        cost.add_row(
            peer.name,
            f"{peer.cpu:.4f} ({peer.cpu / ours.cpu:.3g} x)",
            f"{peer.memory:.0f} ({peer.memory / ours.memory:.3g} x)",
            f"{peer.load_seconds:.2f}",
        )
    yield cost
    every = [(peer, row) for peer in told.peers for row in peer.rows]
    for group, some in groupby(sorted(every, key=_of_peer), _of_peer):
        table = _table(", ".join(group), "recognizer", "clips", "foreign")
        for name in ("best phrase", "at 10 % foreign", "at 3 % foreign"):
            table.add_column(name)
        for peer, row in some:
            shares = (share(row.best), _right(row.ten), _right(row.three))
            table.add_row(peer.name, str(row.best.of), _foreign(row), *shares)
        yield table
    yield from (f"{p.name}: {p.remark}" for p in told.peers if p.remark)


def _of_peer(told: tuple[object, Row]) -> tuple[str, str, str]:
    group: Group = told[1].group
    return group.source, group.phrases, group.line


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
