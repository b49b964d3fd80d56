"""One supplier's page. It stands above the other rooms because it shows something of each. Start in `profile.py`."""
