"""What waits for somebody, and what is new to them: on their home page, beside the menu, in their letters and in a feed.

Start in `waiting.py`. It counts what slices say can wait (`base/waiting.py`), and asks for others' words through those alone that
read them by the predicate. It never keeps what waits: each time it is asked anew.
"""
