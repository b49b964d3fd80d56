"""The append-only trail. Knows no other slice."""

from audit.log import OPERATOR, Record, recording

__all__ = ["OPERATOR", "Record", "recording"]
