"""Our suppliers: whom the school uses, with our word, other schools' and what comes next. Start in `listing.py`.

Its own people see the list, nobody else.
"""
