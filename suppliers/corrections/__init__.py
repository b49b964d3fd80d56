"""Putting the directory right: schools propose what is wrong with an entry, a curator changes, removes and undoes.

Start in `proposals.py`, then `edits.py`. The operator's trail tells every change of an entry, and checks believe no other.
"""
