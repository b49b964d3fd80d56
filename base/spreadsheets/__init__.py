"""Spreadsheets in and out: CSV in any dialect and XLSX, read within limits and written so that no cell runs as a formula.

Start in `reading.py`. What a row means is for the slice that asked; nothing here knows a supplier or a school.
"""
