"""A choice to share, as plain values: to whom, which field groups, until when. What it stores is for `audiences.py`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from audit.canonical import canonical_json
from sharing.access.fields import Fields, GrantKind
from sharing.tables import AudienceGrant


@dataclass(frozen=True, slots=True)
class GrantChoice:
    """One line of a choice: to whom, which field groups, until when."""

    kind: GrantKind
    subject: UUID | None = None  # the id of the person, school, supplier or network
    miles: int | None = None  # of the kind near only
    fields: Fields = Fields.RATING | Fields.PRAISE
    expires_at: datetime | None = None  # the first moment at which it no longer holds
    joined_before: datetime | None = None  # of a network: only for the schools that were in it by then
    at_school: UUID | None = None  # of a person: where; None until it is stored means the only school where they work
    membership: UUID | None = None  # of a person: the one there, with which it ends; found when it is stored
    since: datetime | None = field(default=None, compare=False)  # when it was given, of one that is stored; no part of the choice

    def facts(self) -> dict[str, str | int]:
        """Plain values, as the trail and the digest spell them; what is None is left out."""
        values: dict[str, str | int | None] = {
            "kind": self.kind.value,
            "subject": None if self.subject is None else str(self.subject),
            "miles": self.miles,
            "fields": int(self.fields),
            "expires_at": _spelt(self.expires_at),
            "joined_before": _spelt(self.joined_before),
            "at_school": None if self.at_school is None else str(self.at_school),
            "membership": None if self.membership is None else str(self.membership),
        }
        return {name: value for name, value in values.items() if value is not None}


TAG_LENGTH: Final = 16  # hexadecimal digits: a few choices are told apart, nothing is proved


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """Everyone to whom something is shared; no grants: private to the own school. Order and repeats don't matter."""

    grants: tuple[GrantChoice, ...] = ()

    @property
    def fields(self) -> Fields:
        """Every field group that at least one grant opens."""
        union = Fields.NONE
        for grant in self.grants:
            union |= grant.fields
        return union

    def facts(self) -> list[dict[str, str | int]]:
        """For the trail: each grant once, sorted by its canonical JSON."""
        once = {canonical_json(grant.facts()): grant.facts() for grant in self.grants}
        return [once[key] for key in sorted(once)]

    def digest(self, last_ends: Mapping["GrantChoice", datetime]) -> str:
        """Equal choices have one digest, unless a tie that they could count for ended between the two (``ties.last_end``)."""
        facts = AudienceChoice(tuple(grant for grant in self.grants if grant not in last_ends)).facts()
        ended = [{**grant.facts(), "since": _spelt(end)} for grant, end in last_ends.items()]
        return hashlib.sha256(canonical_json([*facts, *sorted(ended, key=canonical_json)])).hexdigest()

    @property
    def tag(self) -> str:
        """Tells this choice from the others that one review or note had."""
        return self.digest({})[:TAG_LENGTH]


PRIVATE: Final = AudienceChoice()


def line_of(row: AudienceGrant) -> GrantChoice:
    """A grant as it is stored, without whose it is and who confirmed it."""
    return GrantChoice(
        kind=GrantKind(row.kind),
        subject=row.subject,
        miles=row.miles,
        fields=Fields(row.fields),
        expires_at=row.expires_at,
        joined_before=row.joined_before,
        at_school=row.at_school,
        membership=row.membership,
        since=row.valid_from,
    )


def _spelt(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
