"""Who is good near here? Suppliers ranked by what the viewer may see, each with its reasons. Start in `search.py`.

The formula is published (`ranking.py`). What somebody may not see moves neither an order nor a number.
"""
