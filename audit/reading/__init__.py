"""Reading a trail: newest first, or one record as it stood at an instant, for people and over the API. Start in `timeline.py`.

Whose trail somebody may read is asked here. What an auditor reads is noted in the trail.
"""
