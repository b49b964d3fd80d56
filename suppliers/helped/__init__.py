"""What another school's review was good for, said back to that school: it helped, or a quote was asked for. Start in `helped.py`.

It moves no order and no number of anything else, and the author's school reads a name only where the other says so.
"""
