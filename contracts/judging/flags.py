"""What a reader must know of an event before believing it: said in every view and every file. Pure."""

from contracts.clock.clock import AnyCalendar
from contracts.judging import judging, sentences
from contracts.judging.job import Job
from contracts.judging.kinds import Agreed, Side


def flags_of(job: Job, calendar: AnyCalendar | None) -> tuple[str, ...]:
    left_out = [one for one in job.discussions if one.outcome is Agreed.LEFT_OUT and job.agreed(one.metric) is one]
    found = {
        sentences.days_later(judging.days_later(job)): judging.is_logged_late(job, calendar),
        "corrected": job.is_corrected or any(one.is_correction for one in job.stamps),
        "left out": bool(left_out),
        "approved by the person who logged it": any(one.author == job.author for one in left_out),
        "claimed by the supplier": job.claimed_by is Side.SUPPLIER or any(one.claimed_by is Side.SUPPLIER for one in job.stamps),
    }
    return tuple(name for name, holds in found.items() if holds)
