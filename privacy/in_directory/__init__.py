"""A person's name in the directory of suppliers, which no school can erase, but a curator can. Start in `erasing.py`."""
