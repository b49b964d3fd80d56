"""Contracts, many at a time: the register on screen, what lies ahead, a trust's, how they were awarded. Start in `listing.py`.

One contract with all that it says is read by `register`. `whole.py` is for files that hold every field; nothing here writes.
"""
