"""The directory, matching, reviews, notes and search."""
