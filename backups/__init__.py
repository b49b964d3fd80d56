"""Backups of the whole database, and the way back from one. `vouch backup`, `vouch restore`.

At the top, beside vouch/cli.py and demo: it sees every slice, and no slice sees it (docs/decisions/0014).
"""
