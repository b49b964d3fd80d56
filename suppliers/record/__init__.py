"""What a supplier is: names, identifiers, categories, and what was merged into it. Start in `facts.py`.

A merge is an edge, never a rewriting: `merge_forest.py` says what the edges come to. Nothing here knows an opinion's words.
"""
