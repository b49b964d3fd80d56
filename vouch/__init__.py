"""The program: puts the slices together, serves them, and is the `vouch` command. Start in `app.py` or `cli.py`.

It stands above everything, so what one slice shows of another goes through `wiring.py`. Nothing imports it.
"""

__version__ = "0.1.0"  # said by the command, and by the wheel
