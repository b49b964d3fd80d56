"""What a school chooses to share, and with whom: checked, made canonical and stored once for each school.

Identical choices share an audience, so millions of opinions need few grants, and ending one choice is one small write.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import database
from audit.canonical import canonical_json
from base import clock
from base.viewer import Role, Viewer, must_write
from sharing.access import ties
from sharing.access.checking import (
    LONGEST_YEARS,
    MOST_GRANTS,
    MOST_SCHOOLS,
    NOT_THERE,
    WHICH_SCHOOL,
    bound,
    cannot,
    check_shape,
    check_size,
    check_subjects,
    needs_head,
)  # fmt: skip
from sharing.access.choices import PRIVATE, AudienceChoice, GrantChoice, line_of
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.tables import Audience, AudienceGrant

__all__ = [
    "LONGEST_YEARS", "MOST_GRANTS", "MOST_SCHOOLS", "NOT_THERE", "PRIVATE", "THROUGH_A_TIE", "WHICH_SCHOOL", "AudienceChoice",
    "GrantChoice",
]  # fmt: skip

FREEDOM_OF_INFORMATION: Final = (
    "Your school may still have to release what it wrote if somebody asks for it under the Freedom of Information Act."
)
THROUGH_A_TIE: Final = frozenset({GrantKind.NETWORK, GrantKind.CONNECTED})  # these end with it, and don't revive with it


async def intern(
    viewer: Viewer,
    choice: AudienceChoice,
    *,
    keeping: UUID | None = None,
    renewing: Collection[GrantChoice] = (),
    confirms: bool | None = None,
    groups: Fields = ALL,
) -> UUID | None:
    """The id of the audience for this choice, made if it is new; None for PRIVATE. Part of the caller's unit of work.

    What it stores, read by ``choice_of``, says of each person at which school, also where ``choice`` left that open.
    Grants that the audience ``keeping`` of the viewer's school already has are not checked again and keep their head's
    confirmation and the time at which they were given, so that taking one grant back is never refused because of another,
    nor revives what had ended. Those of ``renewing`` are given anew. ``confirms``: whether the viewer may share criticism
    widely; None for a head alone. Raises Forbidden for whoever may not share, Invalid for what can't be shared like this.
    """
    checked = await check(viewer, choice, keeping=keeping, renewing=renewing, confirms=confirms, groups=groups)
    return await store(viewer, checked, keeping=keeping)


async def store(viewer: Viewer, choice: AudienceChoice, *, keeping: UUID | None = None) -> UUID | None:
    """As ``intern``, of a choice that was checked: each grant with the time in ``since``, or given now."""
    if not choice.grants:
        return None
    digest, fresh = choice.digest(await _last_ends(viewer.school, choice.grants)), uuid4()
    # Two people of a school may choose the same at once: the second waits for the first's unique row, then finds it.
    await Audience.insert(Audience(id=fresh, owner=viewer.school, digest=digest, made_at=clock.now())).on_conflict(
        action="DO NOTHING"
    )
    query = Audience.select(Audience.id).where(Audience.owner == viewer.school, Audience.digest == digest)
    found: UUID = (await query.output(as_list=True))[0]
    if found == fresh:
        await AudienceGrant.insert(*_rows(viewer, found, choice, await _confirmations(viewer, keeping)))
    return found


async def check(
    viewer: Viewer,
    choice: AudienceChoice,
    *,
    keeping: UUID | None = None,
    renewing: Collection[GrantChoice] = (),
    confirms: bool | None = None,
    groups: Fields = ALL,
) -> AudienceChoice:
    """Checks a choice without storing it, and returns it as ``intern`` would store it. Raises as that does."""
    must_write(viewer)
    check_size(choice)
    stored = {grant: grant for grant in await _confirmations(viewer, keeping)}
    kept = [stored[grant] for grant in choice.grants if grant in stored and grant not in renewing]
    fresh = [replace(grant, since=None) for grant in choice.grants if grant not in kept]
    for grant in fresh:
        check_shape(grant, confirms=viewer.role is Role.HEAD if confirms is None else confirms, groups=groups)
    await check_subjects(viewer, fresh)
    return AudienceChoice((*kept, *await bound(viewer, fresh, stored)))


async def _last_ends(owner: UUID, grants: Iterable[GrantChoice]) -> dict[GrantChoice, datetime]:
    """When a tie last ended that one of the grants could count for: see ``ties.last_end``."""
    now = clock.now()
    through_ties = [grant for grant in grants if grant.kind in THROUGH_A_TIE]
    ends = {grant: await ties.last_end(grant.kind, owner, grant.subject, grant.since or now) for grant in through_ties}
    return {grant: end for grant, end in ends.items() if end}


async def choice_of(audience: UUID | None) -> AudienceChoice:
    """The choice that an audience stores, without revoked grants; PRIVATE for None. Call it inside a unit of work."""
    return (await choices_of([audience]))[audience]


async def choices_of(audiences: Iterable[UUID | None]) -> dict[UUID | None, AudienceChoice]:
    """As ``choice_of``, of many at once, by audience."""
    lines: dict[UUID | None, list[GrantChoice]] = {audience: [] for audience in audiences}
    if stored := [audience for audience in lines if audience]:
        live = database.among(AudienceGrant.audience, stored) & AudienceGrant.revoked_at.is_null()
        for row in await AudienceGrant.objects().where(live):
            lines[row.audience].append(line_of(row))
    return {
        audience: AudienceChoice(tuple(sorted(found, key=lambda grant: canonical_json(grant.facts()))))
        for audience, found in lines.items()
    }


def fields_named(names: Iterable[str], *, groups: Fields = ALL) -> Fields:
    """Those of ``groups`` with these names ("rating", "praise"). Raises Invalid for a name that can't be shared."""
    mask = Fields.NONE
    for name in names:
        if name == "price":
            raise cannot("Prices can't be shared: sharing them between schools may break competition law.", "fields")
        found = Fields.__members__.get(name.upper(), Fields.NONE)
        if not found & groups:
            raise cannot("Choose what to share from the list.", "fields")
        mask |= found
    return mask


async def _confirmations(viewer: Viewer, audience: UUID | None) -> dict[GrantChoice, UUID | None]:
    """The grants of an audience of the viewer's school, each with the head who confirmed it or None."""
    if audience is None:
        return {}
    mine = (AudienceGrant.audience == audience) & (AudienceGrant.owner == viewer.school) & AudienceGrant.revoked_at.is_null()
    return {line_of(row): row.head_confirmed_by for row in await AudienceGrant.objects().where(mine)}


def _rows(viewer: Viewer, audience: UUID, choice: AudienceChoice, kept: Mapping[GrantChoice, UUID | None]) -> list[AudienceGrant]:
    now = clock.now()
    return [
        AudienceGrant(
            id=uuid4(),
            audience=audience,
            owner=viewer.school,
            kind=grant.kind.value,
            subject=grant.subject,
            at_school=grant.at_school,
            membership=grant.membership,
            miles=grant.miles,
            fields=int(grant.fields),
            valid_from=(grant.since if grant.kind in THROUGH_A_TIE else None) or now,
            expires_at=grant.expires_at,
            joined_before=grant.joined_before,
            head_confirmed_by=kept[grant] if grant in kept else viewer.person if needs_head(grant) else None,
        )
        for grant in {canonical_json(grant.facts()): grant for grant in choice.grants}.values()
    ]
