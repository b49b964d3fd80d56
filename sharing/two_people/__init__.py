"""What takes two people: whether two accounts are two, and who is the second one where a school has nobody for it.

Start in `established.py`. From outside come the trust's head, the school's chair or the operator: never one who may be the
same human as the first.
"""
