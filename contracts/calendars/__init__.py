"""A school's service calendar: hours, days apart, term dates; saved as versions from a day on. Start in `calendars.py`.

`term_files.py` reads term dates as councils publish them; `timetables.py` has what the clock looks up. It never guesses: what a
file leaves open is asked, and beyond the last known term nothing is known. Nothing here changes a version that was saved.
"""
