"""Schools, people, sign-in, networks and audiences: who may see what. Knows the trail, and nothing of suppliers.

The rooms, from the ground up:

    schools    the register of schools and trusts, and where each is
    sign_in    passwords, sessions, API keys: who is asking
    access     the one predicate that says who may see a shared row, and the audiences that it reads
    people     who belongs to a school, who may join, and auditors
    networks   what links schools: networks, connections, blocks

It keeps people's names and addresses, and lets none of them into a log.
"""
