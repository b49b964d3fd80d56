"""What a person may ask of us about herself: erasure, a copy of what is kept, and what must be kept all the same.

Start in `erasure.py`. It stands above the slices because a name may be anywhere in them. It erases nothing by one person's word
where a second is there to ask, and nothing that a hold or a duty keeps.
"""
