"""What an auditor reads is in the trail: noted before it is shown, so that nobody reads unseen."""

from audit.events import Event
from audit.log.recording import recording
from audit.log.subjects import AUDITORS, Subject
from base.viewer import Role, Viewer


async def note_read(viewer: Viewer, what: str, **facts: str | int | None) -> None:
    """Leaves one entry in the trail of the viewer's school when the viewer is an auditor; for anybody else nothing.

    ``what`` names the page or file in plain words ("the timeline"); ``facts`` what was asked of it, such as the stream.
    Opens its own unit of work: call it after the one that reads, and before anything is sent.
    """
    if viewer.role is not Role.AUDITOR:
        return
    asked = {name: value for name, value in facts.items() if value is not None}
    async with recording(viewer) as record:
        record(Event.AUDITOR_READ, stream=AUDITORS, subject=Subject.AUDITOR.of(viewer.person), facts={"read": what, **asked})
