"""Schools, people, sign-in, networks and audiences: who may see what."""
