"""Write models/manifest.toml: what is shipped, its hashes and its thresholds."""

import argparse
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

MANIFEST = Path(__file__).parents[1] / "manifest.toml"
REPORT = "report"  # measured of the model, and no part of it
HEAD = (
    "# The shipped speech models. Written by models/recipe/manifest.py; see the cards."
)


def entry(name: str, folder: Path, told: dict[str, object]) -> str:
    """Return one model's table, keeping what is told of it but its hashes."""
    lines = [f"[{name}]"]
    lines += [f"{k} = {_value(v)}" for k, v in told.items() if not isinstance(v, dict)]
    for part, values in told.items():
        if isinstance(values, dict) and part != "sha256":
            lines += ["", f"[{name}.{part}]"]
            lines += [f"{k} = {_value(v)}" for k, v in values.items()]
    lines += ["", f"[{name}.sha256]"]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md" and REPORT not in path.parts:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f'"{path.relative_to(folder).as_posix()}" = "{digest}"')
    return "\n".join(lines)


def _value(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def rewrite(model: str, levels: Mapping[str, float | None]) -> None:
    """Hash every model again, and set the thresholds of one that are given."""
    models = tomllib.loads(MANIFEST.read_text("utf-8"))
    thresholds = models[model]["thresholds"]
    thresholds |= {n: level for n, level in levels.items() if level is not None}
    tables = [entry(n, MANIFEST.parent / t["folder"], t) for n, t in models.items()]
    MANIFEST.write_text("\n\n".join([HEAD, *tables]) + "\n", encoding="utf-8")


def main() -> None:
    """Hash every model again; `--do` and `--ask` set the thresholds of one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="sv-telephone")
    parser.add_argument("--do", type=float, help="sure from here upwards")
    parser.add_argument("--ask", type=float, help="nothing below this")
    asked = parser.parse_args()
    rewrite(asked.model, {"do": asked.do, "ask": asked.ask})


if __name__ == "__main__":
    main()
