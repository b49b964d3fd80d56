"""Who may see what we said: choosing it, showing beforehand who that is, and taking it back. Start in `shares.py`.

`publishing.py` puts an own record into the directory when something about it is first shared.
"""
