"""The end of a contract: the letter of notice, that it was sent and received, and a person's word that it ended.

Start in `ending.py`. Nobody sends a letter but the person who downloads it, and no contract ends by itself.
"""
