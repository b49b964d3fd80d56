"""A school's list of suppliers, from a spreadsheet to records: looked at, asked about, added in batches. Start in `imports.py`.

It waits in the database meanwhile. Nothing is added before a person said so; the operator's own import is `directory_import.py`.
"""
