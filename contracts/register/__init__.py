"""The register of contracts: what each says, whom it covers, and what follows from its dates. Start in `register.py`.

`contract_fields.py` is the one list of what a contract can say; forms, checks, files and the trail follow it.
"""
