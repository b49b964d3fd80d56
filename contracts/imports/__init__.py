"""Registers on their way in: from a spreadsheet to contracts. Start in `imports.py`; the way out is the room `sheets`.

What was read waits in the database until a person has answered what there was to ask. Nothing is added before somebody said so.
"""
