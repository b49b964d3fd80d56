"""What every page stands on: the layout and its filters, forms and what was typed, static files, the types that handlers share.

Start in `templating.py`. Knows no slice: what it shows of them is in `site.py`.
"""
