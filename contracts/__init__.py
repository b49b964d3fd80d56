"""Contracts with suppliers and how the service did: dates, the clock that knows school terms, attainment. Above `suppliers`.

`clock` and `attaining` only compute, and `register_file` reads registers kept in spreadsheets; `commands.py` shows all
three without a database.
"""
