"""What a contract promises and what happened: metrics, events with their stamps, and what both sides agreed about them.

Start in `logging_one.py` (an event is logged) and `judging.py` (what the clock says of it). Nothing here is stored as a verdict.
"""
