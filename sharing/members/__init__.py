"""Who belongs to a school, and what their rank lets them do there: one table, which every verb about people asks.

Start in `members.py`; the table is in `ranks.py`. Who comes, goes or gets another role is said in the rooms above.
"""
