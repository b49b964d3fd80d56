"""A row of a register on its way in: as it was read, and the contract that it says. Start in `built.py`."""
