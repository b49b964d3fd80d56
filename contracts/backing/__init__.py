"""A review of a supplier that rests on the jobs that its school logged: whether it says so, and how many. Start in `backing.py`.

What is told is counted when it is read, and only where the review's rating is open: never a job, a contract or a day.
"""
