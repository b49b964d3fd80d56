"""What a contract promises: metrics, added from starter sets or by hand, changed from a day on, and ended. Start in `metrics.py`.

`metric.py` is one as it holds on a day; `metric_terms.py` checks it by the rules that will judge it. Nothing here judges.
"""
