"""A plugin of pytest for ``mutants.py``: a property test that found a fault says so at once, and looks for no smaller one.

Its choices are the same in each run, so that a table can be had again.
"""

from hypothesis import Phase, settings

settings.register_profile("no shrinking", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)
settings.load_profile("no shrinking")
