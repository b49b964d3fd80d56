"""Finds the suppliers whose names are like a given one, among a million. Start in `candidates.py`.

Made from facts in the same unit of work (`filing.py`), and anew by `rebuilding.py`. What a school keeps moves no other's answer.
"""
