"""What the schools of a network have to talk about when they meet: what they said lately, what they ask, what nobody knows.

Start in `meeting.py`. All of it is what every school at the table may read, so that it can be read out and handed round.
"""
