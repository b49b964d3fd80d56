"""Who may see what: schools and people, networks and connections, audiences and the one visibility rule."""
