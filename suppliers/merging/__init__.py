"""Two records, one supplier: duplicates found, decided by people, merged, and undone exactly. Start in `merges.py`.

A school merges its own records at once; the directory's wait for a curator. No merge ever widens who may see something.
"""
