"""The append-only trail. Knows no other slice."""
