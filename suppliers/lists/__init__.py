"""Spreadsheets of suppliers: which column is which, and what a row says. Start in `supplier_file.py`.

For imports, and for `match` and `dedupe`, which need no database. Nothing here writes a row of ours.
"""
