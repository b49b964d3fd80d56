"""Where no school has a word: needs by local authority and kind of school, as the viewer hears them. Start in `coverage.py`.

It names no school and no supplier, and what somebody may not hear moves no number.
"""
