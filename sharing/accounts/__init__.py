"""Somebody's own account: its address and who proved it, its password, its copy, and what is erased of it.

Start in `addresses.py`. An account is nobody's place at a school: what it may do there is said by `members`.
"""
