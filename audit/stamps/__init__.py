"""Time stamps of RFC 3161: a service outside says that it had the hash of a seal before it at some moment.

Start in `tokens.py`, which writes a request and takes an answer apart; `trust.py` says whether to believe it. Neither knows a
network, a database or a clock: who asks is `audit/witnesses/stamping.py`.
"""
