"""What a school takes with it or hands out of its own records: all of them, to keep or to go on elsewhere.

Start in `exporting.py`. It stands above the slices since a school's records are everywhere. Nothing of another school's goes out
here. The room `beside` has what is kept beside contracts; the room `foi` answers requests for information.
"""
