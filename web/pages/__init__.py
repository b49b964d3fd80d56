"""What every page stands on: the layout and its filters, forms and what was typed, static files, the types that handlers share.

Start in `templating.py`. Knows no slice: `vouch/` gives the navigation and the addresses that a slice wants shown.
"""
