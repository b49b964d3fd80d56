"""The append-only trail of each school, and what somebody outside needs to check it. Knows no other slice.

Each module says at its top what it promises. Where to look for what (handlers, which only translate, are left out):

    writing an entry    log, entry, events, streams, origins, tables
    the tree            merkle (hashes, proofs, their checks), ranges (which rows give a proof), proofs (reads these rows)
    reading             timeline (newest first), fold and as_of (a record at an instant), reading (what auditors read is noted),
                        sheet (one line of it, the same in every format), fsck and fsck_seals (is the database what it was?)
    seals               keyring (private keys, files), keys (the public ones, and who signs), signer (signs, and remembers what),
                        sealing (which trails are due), seals (what is stored and what has left), recipients, rotation,
                        recovery (after a restore), jobs (does all of it from time to time), note (the format)
    what is taken away  extent (which entries), takeaway (size, root and seal they stand on), packs, pack_files, pack_words,
                        earlier (what somebody holds already), downloads, reports, report_pdf, report_xlsx, typeset, font
    erasing             erasure, erasure_list (outside the database), holds, retention
    the verifier        verify, its parts verify_main, verify_lines, verify_entries, verify_heads, verify_beside, verdict,
                        archive and manifest (read a pack that nobody trusts), canonical, ed25519, errors;
                        assemble (makes one file of them), verify_file (the one for browsers)
"""

from audit.log import OPERATOR, Record, recording

__all__ = ["OPERATOR", "Record", "recording"]
