"""Witnesses of C2SP tlog-witness: this installation sees the heads of others' logs, and shows its own to others.

Start in `witness.py`. The key of a witness is a file of its own (`own_key.py`), never the key that signs seals.
"""
