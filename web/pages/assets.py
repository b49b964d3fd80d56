"""Style sheet, scripts and icon, served from memory under names that carry a digest of their content.

A changed file has a changed name, so browsers may keep each one for a year and never ask again.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from base.refusals import NotFound
from web.pages.handlers import AnyRequest

FOLDER: Final = Path(__file__).parents[1] / "static"
NAMES: Final = (
    *("govuk-frontend.min.js", "htmx.min.js", "photos.js", "vouch.js", "vouch.css", "favicon.svg", "LICENCES.txt"),
    *("icon-180.png", "icon-192.png", "icon-512.png", "vouch.webmanifest", "note.webmanifest"),
)
FOREVER: Final = "public, max-age=31536000, immutable"
TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}


class Asset(NamedTuple):
    name: str  # with its digest: vouch.1f2e3d4c5b.css
    content: bytes
    squeezed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    by_plain_name: Mapping[str, Asset]

    def address(self, plain: str) -> str:
        """Where the file is served; KeyError for one that is not there, so that a page's test shows the slip."""
        return f"/static/{self.by_plain_name[plain].name}"


@cache  # the pages ask it for addresses and the handler for content
def load(more: tuple[Path, ...]) -> Assets:
    """Our files and ``more``, each after those that it names: scripts and manifests then name each other with a digest."""
    loaded: dict[str, Asset] = {}
    for path in (*(FOLDER / name for name in NAMES), *more):
        content = path.read_bytes()
        if path.suffix in (".js", ".webmanifest"):
            for other, asset in loaded.items():
                content = content.replace(f'"./{other}"'.encode(), f'"./{asset.name}"'.encode())
        loaded[path.name] = _asset(path, content)
    return Assets(loaded)


def serving(assets: Assets) -> HTTPRouteHandler:
    """The handler that answers with each of them."""
    by_served_name = {asset.name: asset for asset in assets.by_plain_name.values()}

    @get("/static/{name:str}", include_in_schema=False, sync_to_thread=False, opt={"public": True})
    def serve(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
        asset = by_served_name.get(name)
        if asset is None:
            raise NotFound
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        content = asset.content
        if "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = asset.squeezed, "gzip"
        return Response(content, media_type=asset.media_type, headers=headers)

    return serve


def _asset(path: Path, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Asset(f"{path.stem}.{digest}{path.suffix}", content, gzip.compress(content, mtime=0), TYPES[path.suffix])
