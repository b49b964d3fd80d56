"""The one place where a typed password is compared with an account's, and the try is counted.

A place among those who wait to be hashed is taken before the try is counted: who is turned away as busy has not failed.
"""

from collections.abc import Sequence
from uuid import UUID

import database
from base import emails
from base.refusals import SignInNeeded, TooMany
from sharing.sign_in import known_browsers, security_log, throttle
from sharing.sign_in.passwords import argon2
from sharing.sign_in.security_log import Kind
from sharing.sign_in.throttle import Limit
from sharing.tables import Person

NOBODY = UUID(int=0)


async def person_with(email: str, password: str, *, from_address: str, known_by: str) -> Person | None:
    """Whoever has this e-mail and password; None for an unknown e-mail and for a wrong password, after the same time.

    ``known_by`` is the value of the cookie of known browsers. Raises TooMany, Busy.
    """
    account = emails.folded(email)
    async with database.read():
        person: Person | None = await Person.objects().where(Person.email == account).first()
        browser = await known_browsers.of_person(person.id if person else NOBODY, known_by)
    limits = (throttle.of_browser(browser),) if browser else throttle.of_stranger(account, from_address)
    is_right = await _is_right(person, password, limits, reserved=browser is not None, typed=account)
    return person if is_right else None


async def signed_in_with(person: UUID, password: str, *, known_by: str) -> Person | None:
    """The person, who is signed in and asked once more, if the password is theirs. Raises SignInNeeded, TooMany, Busy."""
    async with database.read():
        found: Person | None = await Person.objects().where(Person.id == person).first()
        browser = await known_browsers.of_person(person, known_by)
    if found is None:
        raise SignInNeeded
    limit = throttle.of_browser(browser) if browser else throttle.of_signed_in(person)
    return found if await _is_right(found, password, (limit,), reserved=True, typed=found.email) else None


async def _is_right(person: Person | None, password: str, limits: Sequence[Limit], *, reserved: bool, typed: str) -> bool:
    """``typed`` is the e-mail, by which the security log counts a try at an account that isn't there."""
    who = {"person": person.id if person else None, "email": typed}
    with argon2.turn(reserved=reserved) as turn:
        try:
            await throttle.attempt(limits)
        except TooMany:
            await security_log.note(Kind.LOCKED_OUT, **who)
            raise
        if not await turn.matches(password, person.password_hash if person else None):
            await security_log.note(Kind.SIGN_IN_FAILED, **who)
            return False
    await throttle.succeeded(limits)
    return True
