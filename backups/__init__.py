"""Backups of the whole database, and the way back from one. `vouch backup`, `vouch restore`."""
