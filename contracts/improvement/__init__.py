"""What follows from how the service did: formal concern, improvement plan, re-assessment; credits; ratings that a person signs.

Start in `concerns.py`. Nothing follows by itself: each step is somebody's, on a day, and stays in the record.
"""
