"""What the home page says of decisions that are near: each with a button, for those who may decide."""

from typing import Final

import database
from base import clock
from base.viewer import Role, Viewer
from base.waiting import Waiting
from base.words import count, in_words
from contracts.fields.wording import weekday
from contracts.reminders import deadlines, stages
from contracts.reminders.stages import Deadline, ReminderStage
from web.pages.notices import Notice

MOST: Final = 3
MOST_READ: Final = 200  # however many there are: a home page is opened more often than any other
ANSWER: Final = "Say what we decided"


async def notices(viewer: Viewer) -> tuple[Notice, ...]:
    """The next decisions that letters tell of already, the soonest first, and how many more there are."""
    near, is_all = await _near(viewer)
    told = [_notice(viewer, one, stage) for one, stage in near[:MOST]]
    if len(near) > MOST:
        more = f"{count(len(near) - MOST, 'more contract')} to decide about."
        text = more if is_all else f"At least {more}"
        told.append(Notice(text, "/contracts?showing=soon", "See which"))
    return tuple(told)


async def counted(viewer: Viewer) -> Waiting | None:
    """How many, without their titles: for a feed, which is shown around."""
    near, _ = await _near(viewer)
    if not near:
        return None
    text = f"{count(len(near), 'contract')} to decide about, the next by {in_words(near[0][0].counted_from)}."
    return Waiting("decisions", len(near), text, "/contracts?showing=soon", ANSWER, has_own_letter=True)


async def _near(viewer: Viewer) -> tuple[list[tuple[Deadline, ReminderStage]], bool]:
    """The soonest first, and whether these are all."""
    if not viewer.role.keeps_contracts:
        return [], True
    today = clock.today()
    async with database.read():
        found = await deadlines.to_decide(viewer.school, today, MOST_READ)
    asked = [one.to_decide for one in found.contracts if one.to_decide]
    staged = [(one, stages.stage_on(one, today, found.timing.months)) for one in sorted(asked, key=lambda one: one.day)]
    return [(one, stage) for one, stage in staged if stage], len(found.contracts) < MOST_READ


def _notice(viewer: Viewer, deadline: Deadline, stage: ReminderStage) -> Notice:
    before = f", the last open day before {in_words(deadline.day)}" if deadline.counted_from < deadline.day else ""
    text = f"{deadline.title}: decide by {weekday(deadline.counted_from)}{before}."
    if stage.for_head and viewer.role is Role.HEAD:
        text += " Nobody has answered this yet."
    return Notice(text, f"/contracts/{deadline.contract}/decision", ANSWER)
