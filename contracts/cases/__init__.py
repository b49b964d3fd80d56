"""Cases put to the published rules at the command line, and registers read there; no database. Start in `cases.py`."""
