"""Auditors: people from outside who read a school's trail for a time; let in by the school, or by its trust.

Start in `auditors.py`. What a grant opens is read from its rows each time; nobody of a school audits it.
"""
