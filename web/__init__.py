"""What every page, endpoint and import stands on. Knows no slice."""
