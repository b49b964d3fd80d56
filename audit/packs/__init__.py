"""What is taken away: audit packs that prove themselves, and the timeline as CSV, XLSX and PDF. Start in `packs.py`.

Names, files and sentences of other slices come in as ``Sources``, which `vouch` fills.
"""
