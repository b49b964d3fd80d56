"""What a school keeps beside its contracts: meetings, decisions, variations, concerns, credits, ratings, questions, notices.

Start in `collecting.py`. With them go the school's own ways: when it decides, and its rules of buying.
"""
