"""The one place where a typed password is compared with an account's, and the try is counted.

A place among those who wait to be hashed is taken before the try is counted: who is turned away as busy has not failed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import database
from base import emails
from base.refusals import SignInNeeded, TooMany
from sharing.sign_in import known_browsers, security_log, throttle
from sharing.sign_in.passwords import argon2
from sharing.sign_in.security_log import Kind
from sharing.sign_in.throttle import Limit
from sharing.tables import Person


async def person_with(email: str, password: str, *, from_address: str, known_by: str) -> Person | None:
    """Whoever has this e-mail and password; None for an unknown e-mail and for a wrong password, after the same time.

    ``known_by`` is the value of the cookie of known browsers. Raises TooMany, Busy.
    """
    account = emails.folded(email)
    async with database.read():
        people = await claiming(account)
        known = await known_browsers.of_people([person.id for person in people], known_by)
    if known:  # a browser's own counter is for its own accounts: whoever else claims the address is not tried by it
        people = [person for person in people if person.id in known]
    limits = [throttle.of_browser(browser) for browser in known.values()] or throttle.of_stranger(account, from_address)
    found = await _whose(people, password, limits, reserved=bool(known), typed=account)
    if found:
        own = throttle.of_browser(known[found.id]) if known else None
        is_sole = found.has_proved_by_mail  # otherwise others may claim the address, and a success of one is no other's
        await throttle.succeeded([limit if limit == own or (is_sole and not known) else _shared(limit) for limit in limits])
    return found


async def claiming(address: str) -> list[Person]:
    """The accounts that sign in with this address, whoever proved it first. Inside the caller's unit of work."""
    people = await Person.objects().where((Person.email == address) & (Person.password_hash != "")).order_by(Person.made_at)
    return sorted(people, key=lambda person: not person.has_proved_by_mail)


async def signed_in_with(person: UUID, password: str, *, known_by: str) -> Person | None:
    """The person, who is signed in and asked once more, if the password is theirs. Raises SignInNeeded, TooMany, Busy."""
    async with database.read():
        found: Person | None = await Person.objects().where(Person.id == person).first()
        browser = await known_browsers.of_person(person, known_by)
    if found is None:
        raise SignInNeeded
    limit = throttle.of_browser(browser) if browser else throttle.of_signed_in(person)
    if right := await _whose([found], password, (limit,), reserved=True, typed=found.email):
        await throttle.succeeded((limit,))
    return right


def _shared(limit: Limit) -> Limit:
    return replace(limit, is_shared=True)


async def _whose(
    people: Sequence[Person], password: str, limits: Sequence[Limit], *, reserved: bool, typed: str
) -> Person | None:
    """``typed`` is the e-mail, by which the security log counts a try at an account that isn't there."""
    who: dict[str, Any] = {"person": people[0].id if people else None, "email": typed}
    with argon2.turn(reserved=reserved) as turn:
        try:
            await throttle.attempt(limits)
        except TooMany:
            await security_log.note(Kind.LOCKED_OUT, **who)
            raise
        place = await turn.which(password, [person.password_hash for person in people])
    if place is None:
        await security_log.note(Kind.SIGN_IN_FAILED, **who)
        return None
    return people[place]
