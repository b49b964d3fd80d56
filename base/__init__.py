"""The ground that everything stands on: settings, refusals, the viewer, the clock, words, text, mail, and spreadsheets.

Anybody may import it; it imports no other room. It never touches the database, and never knows a slice.
"""
