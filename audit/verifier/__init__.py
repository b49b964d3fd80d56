"""The offline check of an audit pack: pure modules that `assemble.py` puts into one file. Start in `verify.py`.

They trust nothing in the pack, need nothing but the standard library, and import no room above. The pages publish the file.
"""
