"""What people may ask about their own data: to erase it, or for a copy. Also what must be kept all the same.

Start in `erasure.py`. It stands above the slices because a name may be anywhere in them. It erases nothing of a school on one
person's word, and nothing that a hold or a duty keeps; who the second person is, `seconds.py` says.

One room, `in_directory`: a name that the directory has. It is the operator's, and no school's, to erase.
"""
