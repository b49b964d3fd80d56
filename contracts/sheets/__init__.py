"""Contracts as spreadsheets of our own: which columns, how a cell spells what a contract says, and the files to take away.

Start in `own_columns.py`; `spelling.py` reads back what it spelt. `imports` takes such a sheet in again.
"""
