"""Takes openings out of a trail so that it still verifies, with what forbids it: duties and holds. Start in `erasure.py`.

`privacy` decides what to erase and calls this inside its own unit of work. What was erased can't be brought back by a backup:
`erasure_list.py` keeps the list outside the database.
"""
