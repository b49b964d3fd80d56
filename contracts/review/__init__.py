"""The contract review meeting: the pack that is taken to it, in three editions, and the record of what was said and agreed.

Start in `pack.py` (what is taken away) and `meetings.py` (what is written down). `report.py` is what every file of a pack is
made from, so that their figures are the same. Nothing here reckons: figures are those of `attainment`.
"""
