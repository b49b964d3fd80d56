"""Mistakes in using the trail, and what a check of it can find."""


class NothingRecorded(RuntimeError):
    """A change was about to commit without a trail entry: a mistake of ours, so nothing is saved."""
