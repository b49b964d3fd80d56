"""What whoever runs the installation does at a school: breaking the glass, a new head, commands; and how the school hears of it.

Start in `break_glass.py`. Nothing here is silent: whoever may write at the school is told before, or may end it.
"""
