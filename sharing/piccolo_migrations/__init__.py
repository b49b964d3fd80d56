"""Migrations of sharing/, in the order of their names."""
