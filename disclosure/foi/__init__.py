"""Answers to requests for information, made out of the lists of a school's own records.

Start in `giving.py`. The file goes out and is not kept; the entry says what was given, and what was left out under which section.
"""
