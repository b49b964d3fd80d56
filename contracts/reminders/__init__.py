"""What has to be decided about a contract, by when, and what was decided: for letters, calendars, the home page and governors.

Start in `deadlines.py`, which says what is near on a day; `stages.py` says from when somebody is told of it. Letters and feeds
are written above, in `notices/`: this room only says what is due (`due.py`) and what has a date (`feed.py`).
"""
