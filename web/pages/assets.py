"""Style sheet, scripts and icon, served from memory under names that carry a digest of their content.

A changed file has a changed name, so browsers may keep each one for a year and never ask again.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from litestar import Request, Response, get
from litestar.params import FromPath

from base.refusals import NotFound

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = (ROOT / "web" / "static", ROOT / "audit" / "static")
FOREVER: Final = "public, max-age=31536000, immutable"
TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
# The check of an audit pack in the browser: scripts that others import, before those that import them.
VERIFIER: Final = (
    "verify-hash.js",
    "verify-canonical.js",
    "verify-merkle.js",
    "verify-verdict.js",
    "verify-zip.js",
    "verify-note.js",
    "verify-sheet.js",
    "verify-manifest.js",
    "verify-entries.js",
    "verify-beside.js",
    "verify-heads.js",
    "verify-pack.js",
    "verify-page.js",
)
IN_ORDER: Final = (
    "govuk-frontend.min.js",
    "htmx.min.js",
    "vouch.js",
    *VERIFIER,
    "vouch.css",
    "favicon.svg",
    "LICENCES.txt",
)


class Asset(NamedTuple):
    name: str  # with its digest: vouch.1f2e3d4c5b.css
    content: bytes
    squeezed: bytes
    media_type: str


def static(name: str) -> str:
    """The address of a static file; KeyError for one that is not there, so that a page's test shows the slip."""
    return f"/static/{_by_plain_name()[name].name}"


def source(plain: str) -> bytes:
    """The file as it lies in the repository, before its imports get their digests."""
    return next(path.read_bytes() for folder in FOLDERS if (path := folder / plain).is_file())


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=False, opt={"public": True})
def serve(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    asset = _by_served_name().get(name)
    if asset is None:
        raise NotFound
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    content = asset.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = asset.squeezed, "gzip"
    return Response(content, media_type=asset.media_type, headers=headers)


@cache
def _by_plain_name() -> dict[str, Asset]:
    loaded: dict[str, Asset] = {}
    for plain in IN_ORDER:
        content = source(plain)
        if plain.endswith(".js"):
            for other, asset in loaded.items():
                content = content.replace(f'"./{other}"'.encode(), f'"./{asset.name}"'.encode())
        loaded[plain] = _asset(plain, content)
    return loaded


@cache
def _by_served_name() -> dict[str, Asset]:
    return {asset.name: asset for asset in _by_plain_name().values()}


def _asset(plain: str, content: bytes) -> Asset:
    stem, dot, ending = plain.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Asset(f"{stem}.{digest}{dot}{ending}", content, gzip.compress(content, mtime=0), TYPES[f".{ending}"])
