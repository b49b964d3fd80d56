"""Migrations of suppliers/, in the order of their names."""
