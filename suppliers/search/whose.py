"""Filters as SQL conditions on the words w that are heard (`word_rows.py`), and on what those of one supplier come to."""

from collections.abc import Iterable
from typing import Final

from piccolo.querystring import QueryString

import database
from base.refusals import Invalid
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from sharing.schools.like_ours import SchoolProfile, kind_of
from sharing.tables import Network, School
from suppliers.search.filters import Filters, Whose
from suppliers.search.word_rows import WEIGHS
from suppliers.tables import Review

KIND_UNKNOWN: Final = "The register does not say what kind of school yours is, so none is known to be like it."
IN_NO_TRUST: Final = "Your school is in no trust or federation."
IN_NO_NETWORK: Final = "Your school is in no trust, federation or network of schools."

_KINDS: Final = {Whose.TRUST: ("trust", "federation"), Whose.NETWORKS: ("trust", "federation", "cluster", "alliance", "group")}


async def profile(principals: Principals) -> SchoolProfile:
    """What the register says of the viewer's school. Inside a read unit."""
    row = await School.select(School.phase, School.pupils, School.is_rural).where(School.id == principals.school).first()
    return SchoolProfile(kind_of(row["phase"]), row["pupils"], row["is_rural"]) if row else SchoolProfile(None)


async def counting(filters: Filters, principals: Principals, ours: SchoolProfile) -> QueryString:
    """The words that count. Inside a read unit. Raises Invalid where the viewer's school has none of what is asked for."""
    conditions = []
    if filters.phase:
        conditions.append(_school(_of_phases(filters.phase.phases)))
    if filters.like_ours:
        if ours.kind is None:
            raise Invalid(KIND_UNKNOWN, like_ours=KIND_UNKNOWN)
        conditions.append(_school(is_like(ours)))
    if filters.whose:
        conditions.append(await _of_ours(filters.whose, principals))
    if filters.evidence:
        conditions.append(_with_evidence(principals))
    return _all(conditions)


def coming_to(filters: Filters) -> QueryString:
    """What the words w of one supplier have to come to, of those that weigh."""
    conditions = []
    if filters.rating is not None:
        conditions.append(QueryString(f"AVG(CASE WHEN {WEIGHS} THEN w.rating END) >= {{}}", float(filters.rating)))
    if filters.would_use_again:
        conditions.append(QueryString(_MORE_WOULD))
    return _all(conditions)


def is_like(ours: SchoolProfile) -> QueryString:
    """Whether a school k is like ours: like_ours.is_like, in SQL."""
    if ours.kind is None:
        return visibility.NEVER
    conditions, size = [_of_phases(ours.kind.phases)], ours.pupils_like_ours
    if size:
        conditions.append(QueryString("(k.pupils IS NULL OR k.pupils BETWEEN {} AND {})", *size))
    if ours.is_rural is not None:
        conditions.append(QueryString("(k.is_rural IS NULL OR k.is_rural = {})", ours.is_rural))
    return _all(conditions)


_MORE_WOULD: Final = f"SUM(CASE WHEN {WEIGHS} AND w.again IS NOT NULL THEN CASE WHEN w.again THEN 1 ELSE -1 END END) > 0"


def _with_evidence(principals: Principals) -> QueryString:
    """The viewer sees the rating of that school's review of that supplier, and evidence was given."""
    return QueryString(
        "(SELECT 1 FROM suppliers_review WHERE suppliers_review.school = w.school AND suppliers_review.supplier = w.supplier"
        " AND suppliers_review.evidence IS NOT NULL AND {} LIMIT 1) IS NOT NULL",
        visibility.opens(principals, Review, Fields.RATING).querystring,
    )


async def _of_ours(whose: Whose, principals: Principals) -> QueryString:
    mine = Network.select(Network.id, Network.kind).where(database.among(Network.id, list(principals.networks)))
    rows = await mine if principals.networks else []
    chosen = [row["id"] for row in rows if row["kind"] in _KINDS[whose]]
    if not chosen:
        sentence = IN_NO_TRUST if whose is Whose.TRUST else IN_NO_NETWORK
        raise Invalid(sentence, whose=sentence)
    its = f"m.until_at IS NULL AND m.network IN ({_places(chosen)})"
    return QueryString(
        f"(SELECT 1 FROM sharing_network_member m WHERE m.school = w.school AND {its} LIMIT 1) IS NOT NULL",  # noqa: S608
        *chosen,
    )


def _of_phases(phases: tuple[str, ...]) -> QueryString:
    return QueryString(f"k.phase IN ({_places(phases)})", *phases)


def _school(condition: QueryString) -> QueryString:
    return QueryString("(SELECT 1 FROM sharing_school k WHERE k.id = w.school AND {}) IS NOT NULL", condition)


def _places(values: Iterable[object]) -> str:
    return ", ".join("{}" for _ in values)


def _all(conditions: list[QueryString]) -> QueryString:
    return QueryString(" AND ".join("{}" for _ in conditions), *conditions) if conditions else visibility.ALWAYS
