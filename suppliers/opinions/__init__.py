"""What a school says of a supplier: reviews, vouches, and dated notes with files. Start in `reviews.py`.

Whoever reads another school's words goes through `readable.py` or `averages.py`, which ask the predicate.
"""
