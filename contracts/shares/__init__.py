"""Who else may see a contract of ours, and which groups of its fields. Start in `shares.py`; `shown.py` reads what is shared.

It takes the grants, the predicate and the questions of sharing that reviews and notes have, with groups of its own. Price,
quotes, interests declared and notes are in no group, so nothing opens them.
"""
