"""Who, by law, decides about what a school keeps here (the controller, UK GDPR Article 4(7)), as far as the register tells.

A maintained school's is its governing body, an independent one's its proprietor, an academy's its trust. The register as Vouch
keeps it names a school's trust, and its type only where no phase of education applies.
"""

from dataclasses import dataclass
from typing import Final

from sharing.schools.schools import FoundSchool

ONE_OF_THREE: Final = (
    "{name}: its governing body if it is maintained, its proprietor if it is independent, its trust if it is an academy"
)
# By words in the type of a school, the first that fits ("Non-maintained special school" is nobody's maintained one).
TYPES: Final = (
    (("independent", "non-maintained"), "the proprietor of {name}"),
    (("academy", "free school", "city technology college"), "the trust of {name}"),
    (("community", "foundation", "voluntary", "maintained"), "the governing body of {name}"),
)


@dataclass(frozen=True, slots=True)
class Controller:
    """``words`` end a sentence; ``is_certain``: the register says so, rather than leaving several."""

    words: str
    is_certain: bool


def of_school(school: FoundSchool) -> Controller:
    if school.kind == "trust":
        return Controller(school.name, is_certain=True)
    kind = school.phase.casefold()
    for words, told in TYPES:
        if any(word in kind for word in words):
            named = f"{school.trust_name}, the trust of {{name}}" if school.trust_name and "trust" in told else told
            return Controller(named.format(name=school.name), is_certain=True)
    if school.trust_name:  # a maintained foundation school may have a trust too, which does not run it
        return Controller(f"{school.trust_name}, if {school.name} is an academy; otherwise its governing body", is_certain=False)
    return Controller(ONE_OF_THREE.format(name=school.name), is_certain=False)
