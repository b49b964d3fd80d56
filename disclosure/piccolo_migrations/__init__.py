"""Hand-written SQL, in order of the ids."""
