"""What a pack says about itself."""

from typing import Any

from tests.third_verifier import notes, texts
from tests.third_verifier.zips import LIMITS, Unreadable, digest_of

FORMATS = {"vouch-audit-pack/1": 1, "vouch-audit-pack/2": 2, "vouch-audit-pack/3": 3}
KEYS = ("format", "grade", "size", "root", "origins", "school", "scope", "keys", "files")
ONLY_THIRD = ("rotations", "timestamp")


def manifest_of(files: dict[str, bytes]) -> dict[str, Any]:
    """Raises Unreadable."""
    try:
        told = texts.read(files["manifest.json"])
    except texts.NotCanonical as error:
        raise Unreadable("manifest") from error
    version = FORMATS.get(told["format"], 0) if isinstance(told, dict) and isinstance(told.get("format"), str) else 0
    unheard = ONLY_THIRD if version < 3 else ()
    if not version or not is_manifest(told, version, unheard) or any(name in unheard for name in files):
        raise Unreadable("manifest")
    return {"cosigners": [], **told, "version": version}


def is_manifest(told: dict[str, Any], version: int, unheard: tuple[str, ...]) -> bool:
    return (
        texts.has_keys(told, *KEYS, *(["cosigners"] if version == 3 else []))
        and told["grade"] in ("complete", "extract")
        and texts.is_count(told["size"])
        and texts.is_hex(told["root"], 64)
        and are_origins(told["origins"], told["size"])
        and texts.is_name(told["school"])
        and is_scope(told["scope"])
        and isinstance(told["keys"], list)
        and all(map(texts.is_name, told["keys"]))
        and are_cosigners(told.get("cosigners", []))
        and isinstance(told["files"], dict)
        and all(is_file(name, claim, unheard) for name, claim in told["files"].items())
    )


def are_origins(told: Any, size: int) -> bool:
    if not isinstance(told, list) or not told or not all(texts.has_keys(one, "origin", "start") for one in told):
        return False
    starts = [one["start"] for one in told]
    names = [one["origin"] for one in told]
    if not all(map(texts.is_count, starts)) or not all(map(texts.is_name, names)) or len(set(names)) < len(names):
        return False
    return starts[0] == 0 and starts == sorted(set(starts)) and all(start < size for start in starts[1:])


def is_scope(told: Any) -> bool:
    if not texts.has_keys(told, "streams", "all", "since", "until") or not isinstance(told["all"], bool):
        return False
    streams = told["streams"]
    if not isinstance(streams, list) or not all(texts.has_keys(one, "name", "tag") for one in streams):
        return False
    if not all(texts.is_name(one["name"]) and texts.is_hex(one["tag"], 32) for one in streams):
        return False
    is_once = all(len({one[key] for one in streams}) == len(streams) for key in ("name", "tag"))
    return is_once and all(told[name] is None or texts.is_count(told[name]) for name in ("since", "until"))


def are_cosigners(told: Any) -> bool:
    """Verifier keys of the type 0x06, whatever their length."""
    try:
        return isinstance(told, list) and all(texts.is_name(one, 10_000) and notes.key_in(one).kind == 6 for one in told)
    except notes.BadNote:
        return False


def is_file(name: str, claim: Any, unheard: tuple[str, ...]) -> bool:
    is_known = (name in LIMITS and name != "manifest.json" and name not in unheard) or digest_of(name) != ""
    return (
        is_known
        and texts.has_keys(claim, "size", "sha256")
        and texts.is_count(claim["size"])
        and texts.is_hex(claim["sha256"], 64)
    )
