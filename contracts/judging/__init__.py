"""What the clock says of what happened, promise by promise, and why: reckoned anew each time. Start in `judging.py`.

`job.py` is what happened, as it stands; `asking.py` makes of jobs what `attaining` takes. It only computes: no verdict is stored,
nothing is read from a database.
"""
