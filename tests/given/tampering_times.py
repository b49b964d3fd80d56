"""Tampering with what an entry says of the clock."""

from collections.abc import Iterator

from tests.given.pack_samples import BOILERS, COOKS
from tests.given.tampering_tools import Tampering, forged, opening


def time_changes() -> Iterator[Tampering]:
    def fails(name: str, stream: str, clock: object, sample: str) -> Tampering:
        event = {"id": "x", "type": "t", "at": 1, "stream": stream, "subject": "s", "clock": clock}
        return Tampering(name, sample, forged(opening(2, "event", event, commit=True)), "fails", "opening", 2)

    yield fails("an event of the first format says what the clock said", COOKS, 0, "complete")
    for what, clock in (("true", True), ("below zero", -1), ("a text", "0"), ("null", None)):
        yield fails(f"what the clock said is {what}", BOILERS, clock, "held times")
