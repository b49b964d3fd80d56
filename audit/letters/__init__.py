"""Letters with seals, held against each other without a pack: what a recipient has in a mailbox. Start in `compared.py`.

`mailed.py` and `reading.py` find the seal and its proof in whatever was saved, copied or typed; all but the command for the
service becomes part of the one file that auditors keep.
"""
