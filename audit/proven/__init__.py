"""One entry by itself, out of an audit pack, as a file of C2SP tlog-proof that anybody checks against a seal's key.

Start in `one_entry.py`. `tlog_proof.py` is the file's form, and knows nothing of Vouch's entries.
"""
