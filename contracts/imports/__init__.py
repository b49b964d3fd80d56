"""Registers in and out: from a spreadsheet to contracts, and back. Start in `imports.py`; the way out is `exporting.py`.

What was read waits in the database until a person has answered what there was to ask. Nothing is added before somebody said so.
"""
