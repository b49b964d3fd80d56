"""Who may read a contract, and what of it; and under which contracts a school is served. Start in `access.py`.

Every room that reads contracts asks here. `served.py` also tells the trail what happened under one, and `naming.py` whom an entry
is about; `kept_files.py` gives files to audit packs. Nothing here changes what a contract says.
"""
