"""What `fsck` asks of one entry: that it is the next, fits its place and what it committed to, and says what its columns say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from audit import entry, merkle
from audit.canonical import canonical_json
from audit.events import Event
from audit.log import fsck_times
from audit.log.fsck_names import Names
from audit.log.fsck_seals import SealsAndOrigins
from audit.times import Times

NEVER_ERASED: Final = ("event", "facts")
UNREADABLE: Final = (TypeError, ValueError, LookupError, AttributeError)  # what odd values in a column make of our reading

Row = Mapping[str, Any]  # as the database hands it over: a dict of each would cost as much as the check


class Bad(Exception):
    """Carries the position and the words of a finding out of the walk."""


@dataclass(slots=True)
class State:
    """What the entries read so far amount to. ``missing``: commitments without an opening, and not yet said to be erased."""

    sealed: SealsAndOrigins
    tags: dict[str, bytes]
    frontier: merkle.Frontier = field(default_factory=merkle.Frontier)
    sizes: dict[str, int] = field(default_factory=dict)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)  # one for 15 entries
    missing: dict[tuple[int, str], None] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    times: Times = field(default_factory=Times)

    @property
    def size(self) -> int:
        return self.frontier.size


def check(state: State, row: Row, openings: Mapping[str, Row]) -> None:
    """Takes the next entry with its openings into ``state``; raises Bad where it does not fit."""
    try:
        _check_place(state, row)
        made = {name: entry.commitment(name, bytes(o["salt"]), o["value"].encode()) for name, o in openings.items()}
        if not _is_whole(state, row, made):
            _check_parts(state, row, made)
        _check_said(state, row, openings)
        state.names.note(row, openings)
        if len(state.sealed.origins) > 1:
            fault = state.sealed.fault_of_beginning(row, openings, state.frontier.root)
            if fault:
                raise Bad(row["idx"], fault)
    except UNREADABLE as error:
        raise Bad(state.size, "what is stored of it can't be read") from error
    for level, n, node in state.frontier.push(bytes(row["leaf_hash"])):
        state.nodes[level, n] = node
    if state.size in state.sealed.waiting and (fault := state.sealed.fault_at(state.size, state.frontier.root)):
        raise Bad(state.sealed.proven, fault)


def _check_place(state: State, row: Row) -> None:
    idx = row["idx"]
    if idx < state.size:
        raise Bad(idx, f"there are two entries {idx + 1}")
    if idx != state.size:
        raise Bad(state.size, f"entry {state.size + 1} is missing: the next one there is entry {idx + 1}")
    if merkle.leaf_hash(bytes(row["header"])) != bytes(row["leaf_hash"]):
        raise Bad(idx, "the header does not have the hash stored beside it: one of them was changed")


def _is_whole(state: State, row: Row, made: Mapping[str, bytes]) -> bool:
    """Whether the header is, byte for byte, that of the entry's place and openings, so that no part of it needs a look.

    No such header if a value was erased.
    """
    name, sseq = row["stream"], row["sseq"]
    if name not in state.tags or sseq != state.sizes.get(name, 0):
        return False
    place = entry.Place(state.sealed.origin_at(row["idx"]), row["idx"], state.tags[name], sseq)
    if entry.header(place, made.values()) != bytes(row["header"]):
        return False
    state.sizes[name] = sseq + 1
    return True


def _check_parts(state: State, row: Row, made: Mapping[str, bytes]) -> None:
    fields = _parsed(row["idx"], bytes(row["header"]))
    _check_header(state, row, fields)
    _check_stream(state, row, fields)
    _check_commitments(state, row["idx"], fields, made)


def _check_header(state: State, row: Row, fields: dict[str, Any]) -> None:
    want = {"v": entry.VERSION, "origin": state.sealed.origin_at(row["idx"]), "idx": row["idx"], "sseq": row["sseq"]}
    for name, value in want.items():
        if fields.get(name) != value:
            raise Bad(row["idx"], f"the header says {name} {fields.get(name)!r}, and its place says {value!r}")


def _parsed(idx: int, header: bytes) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = json.loads(header)
        canonical = canonical_json(fields) == header
    except ValueError:
        canonical = False
    if not canonical or set(fields) != {"v", "origin", "idx", "stream", "sseq", "c"}:
        raise Bad(idx, "the header is not in the form that headers have")
    return fields


def _check_stream(state: State, row: Row, fields: dict[str, Any]) -> None:
    idx, name = row["idx"], row["stream"]
    if name not in state.tags or fields["stream"] != state.tags[name].hex():
        raise Bad(idx, f"the header belongs to another stream than {name}")
    due = state.sizes.get(name, 0)
    if row["sseq"] != due:
        raise Bad(idx, f"the next entry of the stream {name} is its number {due + 1}, not {row['sseq'] + 1}")
    state.sizes[name] = due + 1


def _check_commitments(state: State, idx: int, fields: dict[str, Any], made: Mapping[str, bytes]) -> None:
    """Openings may be gone (erased); one that is there must be committed to."""
    missing = dict.fromkeys(fields["c"])
    for name, commitment in made.items():
        if commitment.hex() not in missing:
            raise Bad(idx, f"what is stored as its {name} is not what the entry committed to")
        del missing[commitment.hex()]
    state.missing |= dict.fromkeys((idx, commitment) for commitment in missing)


def _check_said(state: State, row: Row, openings: Mapping[str, Row]) -> None:
    """The openings say what the columns say."""
    idx = row["idx"]
    for name in NEVER_ERASED:
        if name not in openings:
            raise Bad(idx, f"its {name} is no longer stored: this is never erased")
    values: dict[str, Any] = {name: json.loads(openings[name]["value"]) for name in (*NEVER_ERASED, "actor") if name in openings}
    _check_columns(row, values, {name: openings[name]["person"] for name in values})
    if fault := fsck_times.fault(state.times, idx, values["event"]):
        raise Bad(idx, fault)
    if row["type"] == Event.ERASURE_APPLIED.value:
        _check_erased(state, idx, values["facts"])


def _check_columns(row: Row, values: dict[str, Any], people: dict[str, UUID | None]) -> None:
    columns = {"id": str(row["event_id"]), **{name: row[name] for name in ("type", "at", "stream", "subject")}}
    if {name: value for name, value in values["event"].items() if name != "clock"} != columns:
        raise Bad(row["idx"], "the columns to search by say something else than the entry itself")
    about = {"event": None, "facts": None, "actor": values.get("actor", {}).get("person")}
    for name, person in people.items():
        if about[name] != (None if person is None else str(person)):
            raise Bad(row["idx"], f"its {name} is noted as being about another person than it says")


def _check_erased(state: State, idx: int, facts: dict[str, Any]) -> None:
    """What an erasure lists is gone, and accounts for what is missing."""
    for item in facts["erased"]:
        key = (item["idx"], item["commitment"])
        if key not in state.missing:
            raise Bad(item["idx"], f"its {item['field']} is stored, and entry {idx + 1} says that it was erased")
        del state.missing[key]
