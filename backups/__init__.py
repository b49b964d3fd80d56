"""Backups of the whole database, and the way back from one. `vouch backup`, `vouch restore`.

Start in `making.py`. High up, beside demo: it sees every slice, and no slice sees it (docs/decisions/0014).
"""
