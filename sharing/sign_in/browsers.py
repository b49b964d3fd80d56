"""What a browser is called in words, so that somebody recognises their own sessions. Of what it sends nothing else is kept.

The words come from these lists and nowhere else: whatever a program calls itself, it can't write on a page.
"""

from typing import Final

UNKNOWN: Final = "A browser or program that we don't know"

# What is looked for, in this order: most browsers also say that they are others.
_NAMES: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Such as "Firefox on Windows"; UNKNOWN for what is no browser that we know."""
    name = next((words for sign, words in _NAMES if sign in user_agent), "")
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    return f"{name} on {system}" if name and system else name or UNKNOWN
