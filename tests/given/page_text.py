"""What a person reads of a page, and what its form would send back."""

import re
from html import unescape


def text_of(html: str) -> str:
    """What a person reads of a page."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def without_number(html: str) -> str:
    """But for the number that each page draws for its forms."""
    return re.sub(r'(?<=name="vouch-once" value=")[\w-]+(?=")', "", html)


def hidden(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def sent_on(html: str) -> dict[str, list[str]]:
    """What the hidden answers of a page's forms are, where one question has several."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html):
        found.setdefault(name, []).append(unescape(value))
    return found


def filled_in(html: str) -> dict[str, str]:
    """What a browser would send of a form as it comes."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_choice = attributes.get("type") in ("radio", "checkbox")
        if "name" in attributes and (not is_choice or " checked" in tag):
            found[attributes["name"]] = attributes.get("value", "")
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', html):
        found[name] = inside.strip()
    return found
