"""A school asks others: has anybody used this supplier, or does anybody know one for this need? Start in `asking.py`.

An enquiry is a shared row of its school, read through the one predicate. What schools think of a supplier is said in a review or
vouch as always: an answer only says which one it is.
"""
