"""What people may ask about their own data: to erase it, or for a copy. Also what must be kept all the same.

Start in `erasure.py`. It stands above the slices because a name may be anywhere in them. It erases nothing on one person's word,
and nothing that a hold or a duty keeps; who the second person is, `seconds.py` says.
"""
