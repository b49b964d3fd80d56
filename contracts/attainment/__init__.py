"""How the service did: what was attained of each promise, period by period, and what follows from it.

Start in `attainment.py` (figures of a contract). Figures are reckoned from events by `contracts/attaining`, and kept as
long as nothing that they rest on changes. Nothing here decides what counts: that is agreed in `service_events`.
"""
