"""Up to four suppliers side by side: what they supply, what schools say, what comes next. Start in `comparing.py`."""
