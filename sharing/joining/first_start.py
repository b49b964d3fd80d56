"""What a new installation gets by itself: the school register that Vouch ships, and a link for its first account."""

import database
from sharing.joining import joining
from sharing.schools import register
from sharing.schools.register_import import import_register
from sharing.tables import School
from web import terminal


async def prepare() -> str | None:
    """The address of the first account's link while nobody has an account, otherwise None; a second call does no harm."""
    async with database.read():
        has_schools = await School.exists()
    if not has_schools:
        with register.open_register(register.SHIPPED) as shipped:
            rows = terminal.with_progress(shipped.rows, doing="Reading the school register, once")
            await import_register(None, rows, digest=shipped.digest, complete=shipped.is_complete, as_of=shipped.as_of)
    return await joining.first_link()
