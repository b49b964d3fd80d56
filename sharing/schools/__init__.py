"""The register of schools and trusts: imported, searched by name and postcode, with distances. Start in `schools.py`.

Plain facts that every signed-in person sees. Nothing here depends on who asks.
"""
