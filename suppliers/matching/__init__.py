"""May these two be one? Names, numbers and places are read, compared and weighed. Start in `matching.py`.

Pure: no database, no framework, no clock, no settings. The commands `match` and `dedupe` run on it alone.
"""
