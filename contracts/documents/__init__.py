"""The documents of a contract: signed copy, insurance, letters of assurance and the rest, and which have run out.

Start in `documents.py`. A file is taken for what its bytes are, as a note's is.
Never a DBS certificate: `disclosures.py` asks where something looks like one.
"""
