"""What links schools: networks, connections between two of them, and blocks. Start in `networks.py`.

A link by itself shows nothing: what a school shares with its links is for its audiences to say (`sharing/access`).
"""
