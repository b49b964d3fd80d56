"""Letters that remind people, the feeds that their calendars read, and in the room `desk` what waits for somebody.

Start in `reminding.py`. It stands above the slices because it tells of all of them: each says what is due (`base/due.py`), and
none of them calls it. Nobody is told the same thing twice, and nobody misses one: `writing.py` says how.
It never decides that something is due, and never sends: letters are files in the outbox of `base/mail.py`.
"""
