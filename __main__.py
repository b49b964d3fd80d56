"""`python CHECKOUT …` is the `vouch` command from any folder, and what `./run` starts: the checkout is the import path."""

from vouch.cli import main

main()
