"""What a pack says about itself, taken apart: every key, type and number is checked before anything is done with it.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any, Final

from audit.canonical import DEEPEST, SAFE_INTEGER, canonical_json, encoded
from audit.errors import VerificationError
from audit.verifier.archive import EVIDENCE, MAX_SIZES, Archive, Unreadable, read_all, unheard_of
from audit.vkeys import MLDSA_TYPE, read_vkey

PACK_FORMAT: Final = "vouch-audit-pack/3"
VERSIONS: Final[Mapping[str, int]] = {"vouch-audit-pack/1": 1, "vouch-audit-pack/2": 2, PACK_FORMAT: 3}
SINCE_THIRD: Final = frozenset({"rotations", "timestamp"})  # files that older packs can't have
COMPLETE, EXTRACT = "complete", "extract"
LONGEST_NAME: Final = 500  # of a school, stream, origin or key
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEX_DIGITS: Final = "0123456789abcdef"
_PLAIN_TEXT: Final = re.compile(r'"[^"\\\x00-\x1f\ud800-\udfff]*"\Z')  # nothing in it is escaped
_KEYS: Final = frozenset({"format", "grade", "size", "root", "origins", "school", "scope", "keys", "files"})


@dataclass(frozen=True)
class FileClaim:
    size: int
    sha256: str


@dataclass(frozen=True)
class PackManifest:
    """``version`` is 1, 2 or 3, of the format; ``origins`` holds (name, first idx) in order; ``streams`` maps the tags in scope,
    in hex, to names; ``since`` and ``until`` are microseconds since 1970 or None.
    """

    version: int
    grade: str
    size: int
    root: str
    origins: tuple[tuple[str, int], ...]
    school: str
    streams: Mapping[str, str]
    is_all: bool
    since: int | None
    until: int | None
    keys: tuple[str, ...]
    files: Mapping[str, FileClaim]
    cosigners: tuple[str, ...]  # none in packs before the third format

    @property
    def tells_about(self) -> bool:
        """Whether timeline.csv says whom each entry is about."""
        return self.version >= 2

    def covers(self, at: int) -> bool:
        """Whether the period, which is half-open, holds this instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def read_manifest(archive: Archive) -> PackManifest:
    """Raises Unreadable for anything that is not in the form that docs/reference/pack-format.md gives, or a file in the zip
    that packs of its format don't have.
    """
    try:
        manifest = _manifest(_keyed(canonical_value(read_all(archive, "manifest.json"))))
    except ValueError as error:
        raise Unreadable(f"The manifest is not in the form that manifests have: {error}.") from error
    for name in archive.members:
        if not _is_known(name, manifest.version):
            raise unheard_of(name)
    return manifest


def canonical_value(data: bytes) -> Any:
    """The value of which these bytes are the canonical JSON; raises ValueError if they are not that of any."""
    return value_of(data.decode())


def value_of(text: str) -> Any:
    """The value of which this is the canonical JSON; raises ValueError if it is not that of any.

    The decoder refuses numbers outside the subset. What else lies outside can't be in ASCII that reads back as it was, with
    no more brackets than may be nested: a key with other characters would come back as these characters.
    """
    if _PLAIN_TEXT.match(text):
        return text[1:-1]
    try:
        value, _ = _DECODER.raw_decode(text)  # what is left over does not come back
        is_plain = text.isascii() and text.count("[") + text.count("{") <= DEEPEST
        again = encoded(value) if is_plain else canonical_json(value)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if again != text.encode():
        raise ValueError("it is not canonical JSON")
    return value


def is_hex(value: Any, size: int) -> bool:
    """Whether it is the text of that many bytes, in lower case."""
    return isinstance(value, str) and len(value) == 2 * size and not value.strip(HEX_DIGITS)


def is_count(value: Any) -> bool:
    """Whether it is a whole number from 0 to below 2^53; booleans are none."""
    return type(value) is int and 0 <= value < SAFE_INTEGER


def _small_integer(digits: str) -> int:
    if len(digits) > len(str(SAFE_INTEGER)) + 1:  # before the time is spent that a million digits take
        raise ValueError("a number is too large")
    number = int(digits)
    if not -SAFE_INTEGER < number < SAFE_INTEGER:
        raise ValueError("a number is too large")
    return number


def _no_number(digits: str) -> Any:
    raise ValueError(f"{digits:.20} is no whole number")


_DECODER: Final = JSONDecoder(parse_int=_small_integer, parse_float=_no_number, parse_constant=_no_number)


def _manifest(given: dict[str, Any]) -> PackManifest:
    version = VERSIONS.get(str(given.get("format")), 0)
    _require(version, f"its format is not {PACK_FORMAT}: a newer verifier may be needed")
    _keyed(given, _KEYS | {"cosigners"} if version >= 3 else _KEYS)
    _require(given["grade"] in (COMPLETE, EXTRACT), "grade")
    _require(is_count(given["size"]), "size")
    _require(is_hex(given["root"], 32), "root")
    scope = _keyed(given["scope"], {"streams", "all", "since", "until"})
    _require(isinstance(scope["all"], bool), "scope.all")
    since, until = _instants(scope)
    return PackManifest(
        version=version,
        grade=given["grade"],
        size=given["size"],
        root=given["root"],
        origins=_origins(given["origins"], given["size"]),
        school=_name(given["school"], "school"),
        streams=_streams(scope["streams"]),
        is_all=scope["all"],
        since=since,
        until=until,
        keys=tuple(_name(key, "keys") for key in _list(given["keys"], "keys")),
        files={name: _file(name, claim, version) for name, claim in _keyed(given["files"]).items()},
        cosigners=tuple(map(_cosigner, _list(given.get("cosigners", []), "cosigners"))),
    )


def _origins(given: Any, size: int) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for one in _list(given, "origins"):
        claim = _keyed(one, {"origin", "start"})
        due = found[-1][1] + 1 if found else 0
        first = not found and claim["start"] == 0
        _require(is_count(claim["start"]) and (first or (found and due <= claim["start"] < size)), "origins")
        found.append((_name(claim["origin"], "origins"), claim["start"]))
    _require(found and len({name for name, _ in found}) == len(found), "origins")
    return tuple(found)


def _streams(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _list(given, "scope.streams"):
        claim = _keyed(one, {"name", "tag"})
        _require(is_hex(claim["tag"], 16) and claim["tag"] not in found, "scope.streams")
        found[claim["tag"]] = _name(claim["name"], "scope.streams")
    _require(len(set(found.values())) == len(found), "scope.streams")
    return found


def _instants(scope: Mapping[str, Any]) -> tuple[int | None, int | None]:
    for name in ("since", "until"):
        _require(scope[name] is None or is_count(scope[name]), f"scope.{name}")
    return scope["since"], scope["until"]


def _file(name: str, claim: Any, version: int) -> FileClaim:
    _require(name != "manifest.json" and _is_known(name, version), "files")
    fields = _keyed(claim, {"size", "sha256"})
    _require(is_count(fields["size"]) and is_hex(fields["sha256"], 32), "files")
    return FileClaim(fields["size"], fields["sha256"])


def _is_known(name: str, version: int) -> bool:
    """Whether packs of that version may have a file of the name."""
    return bool(EVIDENCE.match(name)) or (name in MAX_SIZES and (version >= 3 or name not in SINCE_THIRD))


def is_name(value: Any) -> bool:
    """Whether it is a text of 1 to 500 characters without control characters."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and not CONTROLS.search(value)


def _name(value: Any, where: str) -> str:
    _require(is_name(value), where)
    return str(value)


def _cosigner(value: Any) -> str:
    """A verifier key of ML-DSA-44, which is longer than a name may be."""
    try:
        _require(not CONTROLS.search(str(value)) and read_vkey(value).type == MLDSA_TYPE, "cosigners")
    except VerificationError as error:
        raise ValueError("cosigners") from error
    return str(value)


def _list(value: Any, where: str) -> list[Any]:
    _require(isinstance(value, list), where)
    return list(value)


def _keyed(value: Any, keys: frozenset[str] | set[str] | None = None) -> dict[str, Any]:
    _require(isinstance(value, dict) and (keys is None or set(value) == keys), "keys are missing or not known")
    return dict(value)


def _require(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)
