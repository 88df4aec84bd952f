"""The report as small pictures; people and synthetic voices never share one."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from recipe.measure import Accepted, Count, Row, Word
from recipe.report_kept import Report, ReportError

DPI = 80
MOST = 24  # phrases of a confusion matrix, those most often misheard
LARGEST = 60_000  # bytes of a picture
NOTHING = "(nothing)"
CENTRED = {"ha": "center", "va": "center"}
LAYERS = ("#c9d7e8", "#5b87b8", "#1d3f66")

mpl.use("Agg")


def draw(report: Report, folder: Path) -> list[Path]:
    """Draw accuracy, ROC and confusions of people, of synthetic voices, of fixtures."""
    drawn = []
    whole = [row for row in report.rows if not row.group.speaker]
    for kind in ("people", "synthetic", "fixtures"):
        rows = [row for row in whole if row.group.source.startswith(kind)]
        counts = [c for c in report.confusions if c.source.startswith(kind)]
        if rows:
            figure = _titled(_bars(rows), f"{kind}: right by line", report)
            drawn.append(_saved(figure, folder / f"lines-{kind}.png"))
        if curves := [row for row in rows if row.curve]:
            told = f"{kind}: right and accepted against foreign accepted"
            figure = _titled(_roc(curves), told, report)
            drawn.append(_saved(figure, folder / f"roc-{kind}.png"))
        if counts:
            right = [w for w in report.words if w.source.startswith(kind)]
            total = sum(count.times for count in counts)
            told = f"{kind}: the commonest of {total} mishearings on all lines"
            figure = _titled(_matrix(counts, right), told, report)
            drawn.append(_saved(figure, folder / f"confusion-{kind}.png"))
    return drawn


def _bars(rows: Sequence[Row]) -> Figure:
    figure = Figure((8, 1.5 + 0.3 * len(rows)), DPI, layout="constrained")
    axes = figure.subplots()
    at = np.arange(len(rows))[::-1]
    layers: tuple[tuple[str, Callable[[Row], float]], ...] = (
        ("best phrase", lambda row: row.best.value),
        ("accepted at 10 % foreign", lambda row: _right(row.ten)),
        ("accepted at 3 % foreign", lambda row: _right(row.three)),
    )
    for thickness, colour, (name, share) in zip(
        (0.8, 0.55, 0.3), LAYERS, layers, strict=True
    ):
        values = [100 * share(row) for row in rows]
        axes.barh(at, values, thickness, color=colour, label=name)
    lows, highs = zip(*(row.best.interval for row in rows), strict=True)
    middle = np.array([row.best.value for row in rows])
    doubt = 100 * np.clip([middle - np.array(lows), np.array(highs) - middle], 0, None)
    axes.errorbar(100 * middle, at, xerr=doubt, fmt="none", ecolor="#333", lw=0.8)
    axes.set_yticks(at, [f"{_name(row)} ({row.best.of})" for row in rows], fontsize=7)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of clips right; in brackets how many; lines: 95 % (Wilson)")
    figure.legend(fontsize=7, loc="outside lower center", ncols=3)
    return figure


def _right(told: Accepted | None) -> float:
    return told.right.value if told else 0.0


def _name(row: Row) -> str:
    return f"{row.group.source}, {row.group.phrases}: {row.group.line}"


def _roc(rows: Sequence[Row]) -> Figure:
    figure = Figure((8, 4.5 + 0.1 * len(rows)), DPI, layout="constrained")
    axes = figure.subplots()
    colours = mpl.colormaps["tab20"]
    for number, row in enumerate(rows):
        foreign, right = zip(*row.curve, strict=True)
        told = row.do or row.ask
        counts = f"{row.best.of} and {told.foreign.of if told else 0} foreign"
        axes.plot(
            *(100 * np.array(foreign), 100 * np.array(right)),
            color=colours(number % colours.N),
            linestyle=("-", "--", ":")[number // colours.N % 3],
            linewidth=1.3,
            label=f"{_name(row)} ({counts})",
        )
    for level in (3, 10):
        axes.axvline(level, color="#999", lw=0.6, ls=":")
    axes.set_xlim(0, 40)
    axes.set_ylim(0, 100)
    axes.set_xlabel("% of foreign sounds accepted")
    axes.set_ylabel("% of clips right and accepted")
    figure.legend(fontsize=6, loc="outside lower center", ncols=2)
    return figure


def _matrix(counts: Sequence[Count], right: Sequence[Word]) -> Figure:
    """Draw what was misheard in red, and how often the same was right in green."""
    said = _commonest(counts, lambda count: count.said)
    others = [name for name in _commonest(counts, _heard) if name not in said]
    heard = said + others
    wrong, rightly = np.zeros((2, len(said), len(heard)))
    for count in counts:
        if count.said in said and _heard(count) in heard:
            wrong[said.index(count.said), heard.index(_heard(count))] += count.times
    for word in right:
        if word.text in said:
            rightly[said.index(word.text), said.index(word.text)] += word.right.hits
    figure = Figure((8, 2.4 + 0.22 * len(said)), DPI, layout="constrained")
    axes = figure.subplots()
    for cells, colours in ((wrong, "Reds"), (rightly, "Greens")):
        shown = np.ma.masked_equal(cells, 0)
        axes.imshow(shown, cmap=colours, aspect="auto", vmin=0, vmax=2 * cells.max())
        for (row, column), times in np.ndenumerate(cells):
            if times:
                axes.text(column, row, f"{times:.0f}", fontsize=6, **CENTRED)
    axes.set_xticks(range(len(heard)), map(_cut, heard), fontsize=6, rotation=90)
    axes.set_yticks(range(len(said)), map(_cut, said), fontsize=6)
    axes.set_xlabel("heard")
    axes.set_ylabel("said")
    return figure


def _heard(count: Count) -> str:
    return count.heard or NOTHING


def _commonest(counts: Sequence[Count], name: Callable[[Count], str]) -> list[str]:
    times: dict[str, int] = {}
    for count in counts:
        times[name(count)] = times.get(name(count), 0) + count.times
    return sorted(times, key=lambda one: (-times[one], one))[:MOST]


def _cut(name: str) -> str:
    return name if len(name) < 28 else f"{name[:26]}…"


def _titled(figure: Figure, title: str, report: Report) -> Figure:
    figure.suptitle(f"{title}\n{report.model}, {report.date}", fontsize=9)
    return figure


def _saved(figure: Figure, file: Path) -> Path:
    """Write a picture; a smaller one where it would be too large."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for dpi in (DPI, DPI * 3 // 4):
            figure.savefig(file, dpi=dpi, metadata={"Software": None})
            if file.stat().st_size <= LARGEST:
                return file
    except OSError as error:
        raise ReportError(
            f"{file} cannot be drawn ({error.strerror}): make room, or let that folder "
            "be written."
        ) from error
    return file
