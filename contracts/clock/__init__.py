"""What only computes: the service clock and the dates of a contract. No database, framework, settings or time of day.

Start in `clock.py` (`due`, `elapsed`, `judge`) and `dates.py` (`contract_dates`). Their rules, C1–C16 and D1–D12,
with an example each: `docs/reference/sla-rules.md`.
"""
