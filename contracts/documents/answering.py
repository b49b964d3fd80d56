"""Which of the documents that a contract promises a kept one is: as its kind plainly says, else as the school does. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.documents.kinds import DocumentKind
from contracts.promises.kinds import MetricKind
from contracts.promises.metric import Metrics, MetricVersion

NONE_OF_THEM: Final = ""  # said of a document that is none of those promised

# The words by which a promise speaks of a kind. "Spraying certificate" is none of ours: there the school says which file it is.
_SPEAKS_OF: Final = {
    DocumentKind.INSURANCE: re.compile(r"\binsurances?\b|\binsured\b", re.IGNORECASE),
    DocumentKind.RISK_ASSESSMENT: re.compile(r"\brisk assessments?\b|\bRAMS\b", re.IGNORECASE),
    DocumentKind.LETTER_OF_ASSURANCE: re.compile(r"\bDBS\b|\bletters? of assurance\b|\bassurance letters?\b", re.IGNORECASE),
    DocumentKind.DATA_AGREEMENT: re.compile(r"\bdata[- ](?:protection|processing|sharing)\b|\bDPA\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class What:
    """What is said of a document. ``answers`` is the promised document that it is, in the promise's words; NONE_OF_THEM; or None:
    as its kind says.
    """

    kind: DocumentKind
    expires_on: date | None = None
    begins_on: date | None = None
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is neither hidden nor erased."""

    id: UUID
    what: What
    added_on: date

    @property
    def first(self) -> date:
        """The day from which it is in date: the one that it says, else that on which it was added."""
        return self.what.begins_on or self.added_on


def promised(versions: Iterable[MetricVersion]) -> tuple[str, ...]:
    """The documents that promises name, each once however it is spelt."""
    kinds = [kind for one in versions if one.kind is MetricKind.DOCUMENT for kind in one.terms["kinds"]]
    return tuple({_same(kind): kind for kind in reversed(kinds)}.values())[::-1]


def answered(what: What, kinds: Sequence[str]) -> str | None:
    """Which of the promised ``kinds`` it is; None: none of them, or its kind could be several and nobody said which."""
    if what.answers is not None:
        return next((kind for kind in kinds if _same(kind) == _same(what.answers)), None)
    speaks_of = _SPEAKS_OF.get(what.kind)
    plain = [kind for kind in kinds if speaks_of and speaks_of.search(kind)]
    return plain[0] if len(plain) == 1 else None


def answering(metric: MetricVersion, metrics: Metrics, last: date, kept: Iterable[Kept]) -> Iterator[tuple[str, Kept]]:
    """(promised document, kept one) of those that count for a promise up to a day. What all promises of that day name decides
    what is plain: one certificate is not both of two insurances.
    """
    kinds = promised(metrics.on(last)) or promised([metric])
    its = {_same(kind): kind for kind in metric.terms["kinds"]}
    for one in kept:
        kind = answered(one.what, kinds)
        if kind is not None and _same(kind) in its and one.first <= last and _begins_in_time(one):
            yield its[_same(kind)], one


def rows(metric: MetricVersion, metrics: Metrics, last: date, kept: Iterable[Kept]) -> list[dict[str, Any]]:
    """The same as ``attain`` takes documents (rule A9)."""
    return [
        {
            "id": str(one.id),
            "kind": kind,
            "from": one.first.isoformat(),
            "to": one.what.expires_on.isoformat() if one.what.expires_on else None,
        }
        for kind, one in answering(metric, metrics, last, kept)
    ]


def _begins_in_time(one: Kept) -> bool:
    """Added after it had run out, and silent on when it began, it was never seen in date."""
    return one.what.expires_on is None or one.first <= one.what.expires_on


def _same(kind: str) -> str:
    return " ".join(str(kind).casefold().split())
