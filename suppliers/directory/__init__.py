"""Which suppliers there are: the directory that every school sees, and each school's own records. Start in `directory.py`.

Nobody can tell from it who uses a supplier or who added it.
"""
