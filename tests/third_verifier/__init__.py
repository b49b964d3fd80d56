"""A third verifier of audit packs, written from docs/reference alone, to find out whether the documents are enough.

Plain and slow; nothing here imports a verifier of ours. Where its author had to ask, the document was mended. Start in
``checking.py``; ``tests/audit/test_third_verifier.py`` holds it to the conformance vectors.
"""
