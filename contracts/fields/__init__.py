"""What a contract can say, field by field: the one list of them, what may be in each, how it is typed, worded and asked about.

Start in `contract_fields.py`; forms, checks, files and the trail follow that list. `said.py` is what somebody says of a contract
as a whole. Nothing here knows a database.
"""
