"""Everything that a check asks, of every trail and of the installation."""

from audit.checking import questions
from audit.log.fsck import Finding


async def findings() -> tuple[Finding, ...]:
    asked = [await questions.of_trail(trail) for trail in await questions.trails()]
    return (*(found for answer in asked for found in answer.findings), *await questions.of_installation())
