"""The register of contracts: adding one, reading and changing what it says, what follows from its dates. Start in `register.py`.

`reading.py` reads one as far as the viewer may, `deriving.py` keeps what follows from its dates, `filling.py` is what pages with
a form share. What a contract can say is in `fields`, many at a time in `lists`; what happens to one later in `changes` and
`endings`.
"""
