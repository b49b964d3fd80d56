"""Signs the size and root of each trail, remembers what was signed, and sends it to those who hold seals. Start in `sealing.py`.

Private keys are files beside the database (`keyring.py`) and never leave this room.
"""
