"""Who is asking: passwords, sessions, API keys, one-time links, and the limits on guessing. Start in `sign_in.py`.

It makes the ``Viewer`` that everybody else receives, and decides nothing about what that viewer may see.
"""
