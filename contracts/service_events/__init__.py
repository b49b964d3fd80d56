"""What happened under a contract: events with their stamps, corrections, and what both sides agreed about them.

Start in `logging_one.py` (an event is logged) and `reading.py` (events with what `judging` says of them). Rows are only added:
what was wrong stays beside its correction.
"""
