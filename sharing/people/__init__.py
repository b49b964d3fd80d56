"""The people of one's school: who they are, inviting, changing a role, removing; whom a head names, and the first head.

Start in `people.py`. What a person may read is not decided here, only that they belong and in which role.
"""
