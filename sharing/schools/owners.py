"""Whose a trail is, for the trail itself: a school, a trust, or whoever runs the installation."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit
from uuid import UUID

import audit
import database
from audit.log.known import Owner
from base import settings
from sharing.tables import School


async def of_trails(trails: Collection[str]) -> Mapping[str, Owner]:
    """By trail; one of nobody who is known is left out. Inside the caller's unit."""
    found = {trail: Owner("operator", _installation()) for trail in trails if trail == audit.OPERATOR}
    ids = [school for trail in sorted(set(trails)) if (school := _id(trail))]
    columns = (School.id, School.kind, School.urn, School.uid, School.name)
    for row in await School.select(*columns).where(database.among(School.id, ids)) if ids else ():
        number = row["urn"] if row["kind"] == "school" else row["uid"]
        found[str(row["id"])] = Owner(row["kind"], row["name"], str(number or ""))
    return found


def _id(trail: str) -> UUID | None:
    try:
        return UUID(trail)
    except ValueError:
        return None


def _installation() -> str:
    """The host under which people open it, as its trails' and keys' names have it."""
    return urlsplit(settings.current().origin).netloc
