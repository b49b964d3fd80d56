"""One contract's page, made of sections. It stands above the other rooms because it shows something of each.

Start in `sections.py`: a room that has something to show writes a function there is a line for.
"""
