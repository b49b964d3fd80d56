"""What an auditor asks about contracts: where a rule was not kept, where nobody wrote down why, and what is committed for years.

Start in `rules.py`, which only computes; `exceptions.py` reads what it asks. It judges no one: each line is a question to answer.
"""
