"""Migrations of audit/, in the order of their names."""
