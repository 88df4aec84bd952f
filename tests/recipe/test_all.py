"""The plan of all steps: what is made of what, and nobody measured by his own net."""

from pathlib import Path

import pytest
from recipe.__main__ import STEPS
from recipe.all import HELD, UNHEARD, Plan


@pytest.fixture
def steps(tmp_path):
    table = tmp_path / "recordings.tsv"
    rows = ["file\ttext\tspeaker\tkind"]
    for name in ("anna", "bo"):
        (tmp_path / f"{name}.wav").touch()
        rows.append(f"{name}.wav\tnoll\t{name}\tperson")
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    here = tmp_path / "work"
    plan = Plan(here, Path("voices"), Path("variants"), table, None, 10, 3)
    return [(step, [str(one) for one in told]) for step, told in plan.steps()]


def told(steps, name):
    return [arguments for step, arguments in steps if step == name]


def test_every_step_is_one_of_the_recipe(steps):
    assert {step for step, _ in steps} <= STEPS.keys()


def test_one_net_is_taught_by_all_and_one_without_each(steps):
    nets = {Path(t[0]).name: t for t in told(steps, "train")}
    assert nets.keys() == {"all", "without-anna", "without-bo"}
    taught = {n: [Path(one).name for one in told] for n, told in nets.items()}
    assert {"anna", "bo"} <= set(taught["all"])
    assert "anna" not in taught["without-anna"]
    assert "bo" in taught["without-anna"]


def test_everybody_is_measured_by_the_net_that_never_heard_them(steps):
    (report,) = told(steps, "report")
    folds = [report[n + 1] for n, one in enumerate(report) if one == "--fold"]
    exported = {arguments[-1] for arguments in told(steps, "export")}
    for fold in folds:
        speaker, model = fold.split("=")
        assert model in exported
        assert model.endswith(f"without-{speaker}-model")
    assert len(folds) == 2


def test_held_voices_neither_teach_nor_calibrate(steps):
    (teaching,) = [t for t in told(steps, "speak") if Path(t[3]).name == "kokoro"]
    assert {*HELD.values(), *UNHEARD} <= set(teaching)
    (calibrating,) = told(steps, "calibrate")
    assert not any(name in one for name in HELD for one in calibrating)


def test_nothing_is_shipped_before_it_is_calibrated(steps):
    order = [step for step, _ in steps]
    assert order.index("calibrate") < order.index("ship") < order.index("report")
