"""Who belongs to a school, in which role: invitations, joining, accounts, auditors and their grants.

Start in `people.py`. What a person may read is not decided here, only that they belong and in which role.
"""
