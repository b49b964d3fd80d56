"""What the trail says about itself. The values are stored and sealed; never change one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    TRAIL_BEGUN = "trail.begun"
    TRAIL_RENAMED = "trail.renamed"
    KEY_ROTATED = "key.rotated"
    KEY_JOINED = "key.joined"
    TRAIL_RECOVERED = "trail.recovered"
    SEAL_RECIPIENT_ADDED = "seal_recipient.added"
    SEAL_RECIPIENT_REMOVED = "seal_recipient.removed"
    PACK_EXPORTED = "pack.exported"
    TIMELINE_EXPORTED = "timeline.exported"
    AUDITOR_READ = "auditor.read"
    ERASURE_ASKED = "erasure.asked"
    ERASURE_WITHDRAWN = "erasure.withdrawn"
    ERASURE_APPLIED = "erasure.applied"
    ERASURE_WAITS = "erasure.waits"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    RETENTION_SET = "retention.set"
    SUBJECT_ACCESS_GIVEN = "subject_access.given"


SENTENCES: Final[Mapping[str, str]] = {
    Event.TRAIL_BEGUN: "Said whose trail this is",
    Event.TRAIL_RENAMED: "Said that whose trail this is has another name or number",
    Event.KEY_ROTATED: "Changed the key that signs seals",
    Event.KEY_JOINED: "Began to sign seals with a second key beside the first",
    Event.TRAIL_RECOVERED: "Began anew: what had been sealed was lost, as when an older backup is restored, or replaced",
    Event.SEAL_RECIPIENT_ADDED: "Named somebody to receive seals",
    Event.SEAL_RECIPIENT_REMOVED: "Stopped sending seals to somebody",
    Event.PACK_EXPORTED: "Took away an audit pack",
    Event.TIMELINE_EXPORTED: "Downloaded the timeline",
    Event.AUDITOR_READ: "An auditor read the trail",
    Event.ERASURE_ASKED: "Asked to erase what is held about a person",
    Event.ERASURE_WITHDRAWN: "Took back a request to erase",
    Event.ERASURE_APPLIED: "Erased what was held about a person",
    Event.ERASURE_WAITS: "Told the operator that a request to erase waits",
    Event.HOLD_PLACED: "Placed a legal hold",
    Event.HOLD_LIFTED: "Lifted a legal hold",
    Event.RETENTION_SET: "Set how long records are kept",
    Event.SUBJECT_ACCESS_GIVEN: "Gave a person a copy of what is held about them",
}
