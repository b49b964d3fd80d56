"""Hiding what a school said of a supplier, at once and by one person: a review, a note or a file. Start in `hiding.py`.

It writes the rows of `opinions`, and what is hidden there nobody reads. Contracts' documents are hidden in a room of their own.
"""
