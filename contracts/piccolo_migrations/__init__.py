"""Migrations of contracts/, in the order of their names."""
