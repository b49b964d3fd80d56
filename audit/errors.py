"""Mistakes in using the trail, and what a check of it can find. Part of the offline verifier: bare Python 3.9."""

from __future__ import annotations


class NothingRecorded(RuntimeError):
    """A change was about to commit without a trail entry: a mistake of ours, so nothing is saved."""


class VerificationError(Exception):
    """What was given does not prove what it claims. ``evidence`` holds the values that disagree, by name."""

    def __init__(self, what: str, **evidence: object) -> None:
        super().__init__(what)
        self.what = what
        self.evidence = evidence
