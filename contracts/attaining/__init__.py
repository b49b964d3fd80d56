"""What was attained in a period, metric by metric: pure computing on `clock` (rules A1 to A12). Start in `attaining.py`."""
