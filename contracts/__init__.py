"""Contracts with suppliers and how the service did: dates, the clock that knows school terms, attainment. Above `suppliers`.

`clock` and `attaining` only compute; `commands.py` puts them to a file of cases without a database.
"""
