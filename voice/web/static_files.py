"""The few files that pages bring with them: read once, packed once, kept for long."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
# The name changes with the content, so a browser need never ask again.
_FOR_EVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=300"
_MARK_DIGITS = 12


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, as it is sent."""

    content: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    kind: str
    mark: str


def read_static(folder: Path = FOLDER) -> dict[str, StaticFile]:
    """Read every file of a folder, by name."""
    return {path.name: _read(path) for path in sorted(folder.iterdir())}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    mark = hashlib.sha256(content).hexdigest()[:_MARK_DIGITS]
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return StaticFile(content, gzip.compress(content, mtime=0), kind, mark)


def static_answer(file: StaticFile, request: Request) -> Response:
    """Return a file as its reader can have it: packed, or not at all."""
    is_this_one = request.query_params.get("v") == file.mark
    headers = {
        "Cache-Control": _FOR_EVER if is_this_one else _BRIEFLY,
        "ETag": f'"{file.mark}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    content = file.packed if is_packed else file.content
    return Response(content, headers=headers, media_type=file.kind)
