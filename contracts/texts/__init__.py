"""The words that a school's contracts hold, wherever they lie: found, so that a name in them can be erased. Start in `texts.py`.

It knows the tables of the rooms below it that hold words, and is asked by those who decide about erasing. It decides nothing.
"""
