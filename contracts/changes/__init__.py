"""What happens to a contract while it runs: variations, extensions taken, other contracts that belong to it, schools covered.

Start in `varying.py`; `linking.py` warns of what ends apart. Correcting what the register says of a contract is `register`'s.
"""
