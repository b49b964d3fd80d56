"""A supplier's list of jobs, from a spreadsheet: each row becomes an event that the supplier claims. Start in `job_list.py`.

What is not understood is asked about: a row is whole, or left out with its reason. A claim counts as `service_events` says.
"""
