"""Schools, people, sign-in, networks and audiences: who may see what. Knows the trail, and nothing of suppliers.

The rooms, from the ground up:

    schools    the register of schools and trusts, and where each is
    sign_in    passwords, sessions, API keys: who is asking
    access     the one predicate that says who may see a shared row, and the audiences that it reads
    members    who belongs to a school, and what their rank lets them do there
    two_people whether two accounts are two people, and who is the second one from outside
    accounts   somebody's own account: its address, its password, its copy and its erasure
    people     inviting, changing a role, removing; heads and who confirms criticism
    auditors   people from outside who read a school's trail for a time
    operator   what whoever runs the installation does at a school, and how the school hears of it
    joining    what a one-time link opens
    networks   what links schools: networks, connections, blocks

It keeps people's names and addresses, and lets none of them into a log.
"""
