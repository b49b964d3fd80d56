"""Writes entries into the trails, finds the rows that prove them, and recomputes it all. Start in `recording.py`.

Every slice writes through ``audit.recording``. Nothing here changes or removes an entry.
"""
