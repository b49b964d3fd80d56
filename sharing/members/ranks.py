"""Who may do what to whom: one table, which every verb about people asks and ``docs/reference/people.md`` shows.

Site staff, governor, trust lead, business manager, head: each rank may do more to the school than the one before; an auditor's
is the lowest (ADR 35). No act gives, takes, resets or removes a rank above one's own, but for ``CONFIRM_HEAD``, which takes two
people. Trust leads are only at a trust's central team (``at_a``).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from base.viewer import ONLY_WRITERS, Role

# The lowest first.
RANKS: Final = (Role.AUDITOR, Role.SITE_STAFF, Role.GOVERNOR, Role.TRUST_LEAD, Role.BUSINESS_MANAGER, Role.HEAD)
ROLES: Final = tuple(role for role in Role if role is not Role.AUDITOR)  # of members: an auditor is let in by a grant


class Act(StrEnum):
    """What is done to somebody; the value is how the documentation says it."""

    INVITE = "invite, or withdraw an invitation"
    PROMOTE = "give a higher role"
    DEMOTE = "give a lower role"
    REMOVE = "remove"
    BREAK_IN = "let in for 24 hours, by breaking the glass"
    RESET = "make a new-password link"
    BREAK_RESET = "make a new-password link, by breaking the glass"
    KEEP = "keep what was opened by breaking the glass"
    CUT_SHORT = "end at once what was opened by breaking the glass"
    AGREE_RESET = "agree to a new-password link, as one of two"
    CONFIRM_ADDRESS = "confirm in person that an address is somebody's"
    NAME_HEAD = "name as head, for somebody else to confirm"
    CONFIRM_HEAD = "confirm as head whom a colleague of theirs named"
    CONFIRM_TWO = "confirm that two of a school's people are two people"
    APPROVE_ERASURE = "approve an erasure, as the second person from outside"
    NAME_CONFIRMER = "name to confirm criticism beside the head, for a year"
    CONFIRM_CRITICISM = "confirm criticism that more than three schools can read, written by"
    SUCCEED = "invite as the new head, in force after five school days"
    OBJECT = "object to a new head whom the operator invited, which stops it"
    LET_IN = "let an auditor in"
    AGREE_LET_IN = "agree that an auditor is let in, as the second person of the trust"
    OBJECT_AUDIT = "object to an audit that the trust decided, which ends nothing"
    END = "end an auditor's access"


class By(StrEnum):
    """Who acts, as the school concerned sees them. Whoever else comes from another school finds nobody there."""

    SITE_STAFF = "site staff"
    GOVERNOR = "governor"
    TRUST_LEAD = "trust lead"
    BUSINESS_MANAGER = "business manager"
    HEAD = "head"
    CONFIRMER = "business manager whom the head named for a year"
    TRUST_MANAGER = "business manager of its trust"
    TRUST_HEAD = "head of its trust"
    OPERATOR = "operator, in the pages or at the command line"
    COMMAND_LINE = "operator, at the command line only"


class Only(StrEnum):
    """When a rule holds."""

    ALWAYS = ""
    NOBODY_WRITES = "while nobody who belongs to the school may write"
    SOMEBODY_WRITES = "while somebody who belongs to the school may write"
    NO_HEAD = "while the school has no head"
    NO_LETTERS = "while this installation sends no mail"
    SILENT = "while nobody of the school who may write has signed in for 30 days"
    ASKED = "where the head or chair asks from the school's published address, and the operator does not belong to the school"
    DECIDED = "after its board or a committee decided it; a second person of the trust has to agree"
    OURS = "whom the school let in itself"
    HERE_ALONE = "whoever holds no other membership, an auditor's included, and does not run the installation"
    NO_SECOND = "while the school has no two people who count as two"
    ELSEWHERE_TOO = "whoever holds another membership; a head of another of their schools has to agree too"


@dataclass(frozen=True, slots=True)
class Rule:
    """``by`` may do ``act`` to whoever has, is given or is offered one of the roles ``over``."""

    act: Act
    by: By
    over: frozenset[Role]
    only: Only = Only.ALWAYS


def _up_to(role: Role, lowest: Role = Role.SITE_STAFF) -> frozenset[Role]:
    return frozenset(RANKS[RANKS.index(lowest) : RANKS.index(role) + 1])


_MEMBERS: Final = _up_to(Role.HEAD)
_BELOW_HEAD: Final = _up_to(Role.BUSINESS_MANAGER)
_AUDITORS: Final = frozenset({Role.AUDITOR})
_WHO_WRITE: Final = _up_to(Role.HEAD, Role.BUSINESS_MANAGER)
_HEADS: Final = frozenset({Role.HEAD})
_WHO_LEAD: Final = _up_to(Role.BUSINESS_MANAGER, Role.GOVERNOR)  # and so may be named as head
_FOR_A_DAY: Final = frozenset({Role.GOVERNOR, Role.BUSINESS_MANAGER})  # whom the operator may let in
_WRITERS: Final = ((By.BUSINESS_MANAGER, _BELOW_HEAD), (By.HEAD, _MEMBERS))  # and whom each of them ranks with or above

TABLE: Final = (
    *(Rule(act, by, over) for act in (Act.INVITE, Act.PROMOTE, Act.DEMOTE, Act.REMOVE) for by, over in _WRITERS),
    Rule(Act.INVITE, By.OPERATOR, frozenset({Role.BUSINESS_MANAGER}), Only.NOBODY_WRITES),
    *(Rule(Act.RESET, by, over, Only.HERE_ALONE) for by, over in _WRITERS),
    Rule(Act.BREAK_IN, By.OPERATOR, _FOR_A_DAY, Only.SOMEBODY_WRITES),
    Rule(Act.BREAK_RESET, By.COMMAND_LINE, _MEMBERS | _AUDITORS),
    Rule(Act.KEEP, By.HEAD, _MEMBERS | _AUDITORS),
    *(Rule(Act.CUT_SHORT, by, over | _AUDITORS) for by, over in _WRITERS),
    *(Rule(Act.SUCCEED, By.OPERATOR, _HEADS, only) for only in (Only.SILENT, Only.ASKED)),
    *(Rule(Act.OBJECT, by, _HEADS) for by in (By.GOVERNOR, By.TRUST_LEAD, By.BUSINESS_MANAGER, By.HEAD)),
    Rule(Act.AGREE_RESET, By.HEAD, _MEMBERS | _AUDITORS, Only.ELSEWHERE_TOO),
    Rule(Act.CONFIRM_ADDRESS, By.HEAD, _MEMBERS, Only.NO_LETTERS),
    Rule(Act.CONFIRM_ADDRESS, By.COMMAND_LINE, _MEMBERS | _AUDITORS),
    Rule(Act.NAME_HEAD, By.BUSINESS_MANAGER, _WHO_LEAD, Only.NO_HEAD),
    Rule(Act.CONFIRM_HEAD, By.TRUST_HEAD, _WHO_LEAD, Only.NO_HEAD),
    Rule(Act.CONFIRM_HEAD, By.OPERATOR, _WHO_LEAD, Only.NO_HEAD),
    *(Rule(Act.CONFIRM_TWO, by, _WHO_WRITE) for by in (By.TRUST_HEAD, By.OPERATOR)),
    *(Rule(Act.APPROVE_ERASURE, by, _WHO_WRITE, Only.NO_SECOND) for by in (By.TRUST_HEAD, By.OPERATOR)),
    Rule(Act.NAME_CONFIRMER, By.HEAD, frozenset({Role.BUSINESS_MANAGER})),
    *(Rule(Act.CONFIRM_CRITICISM, by, frozenset({Role.BUSINESS_MANAGER, Role.HEAD})) for by in (By.HEAD, By.CONFIRMER)),
    Rule(Act.LET_IN, By.BUSINESS_MANAGER, _AUDITORS, Only.NO_HEAD),
    Rule(Act.LET_IN, By.HEAD, _AUDITORS),
    Rule(Act.LET_IN, By.TRUST_HEAD, _AUDITORS, Only.DECIDED),
    *(Rule(Act.AGREE_LET_IN, by, _AUDITORS) for by in (By.TRUST_MANAGER, By.TRUST_HEAD)),
    Rule(Act.OBJECT_AUDIT, By.BUSINESS_MANAGER, _AUDITORS, Only.NO_HEAD),
    Rule(Act.OBJECT_AUDIT, By.HEAD, _AUDITORS),
    *(Rule(Act.END, by, _AUDITORS, Only.OURS) for by in (By.BUSINESS_MANAGER, By.HEAD)),
    *(Rule(Act.END, by, _AUDITORS) for by in (By.TRUST_MANAGER, By.TRUST_HEAD)),
)

_ABOVE: Final[Mapping[Act, str]] = {
    Act.INVITE: "Only a head invites a head, or withdraws the invitation of one.",
    Act.PROMOTE: "Only a head makes somebody head. Where a school has none, a colleague names one under People.",
    Act.DEMOTE: "Only a head takes the role of head from somebody.",
    Act.REMOVE: "Only a head removes a head.",
    Act.RESET: "Only a head makes a new-password link for a head. Where there is no other, ask whoever runs this installation.",
    Act.BREAK_IN: "Whoever runs this installation lets in a governor or a business manager for 24 hours, and nobody else.",
    Act.BREAK_RESET: "Only whoever runs this installation breaks the glass, at its own computer.",
    Act.KEEP: "Only a head of your school keeps it. Without one it ends by itself.",
    Act.CUT_SHORT: "Only a head of your school ends this before its time.",
    Act.SUCCEED: "Whoever runs this installation invites a new head, and nobody else.",
    Act.OBJECT: "Only people of the school object to its new head.",
    Act.AGREE_RESET: "Only a head agrees to a new password for somebody who belongs to several schools.",
    Act.CONFIRM_ADDRESS: "Only a head confirms that an address is somebody's. Where there is no other, ask whoever runs this "
    "installation.",
    Act.NAME_HEAD: "Your school has a head. Only a head makes somebody head.",
    Act.CONFIRM_HEAD: "Somebody from outside the school confirms: whoever runs this installation, or the head of its trust.",
    Act.CONFIRM_TWO: "Somebody from outside the school confirms that: its trust's head, its chair, or whoever runs this service.",
    Act.APPROVE_ERASURE: "Somebody from outside approves only while the school has no two people who count as two.",
    Act.NAME_CONFIRMER: "Only a head names who confirms criticism, and only a business manager can be named.",
    Act.CONFIRM_CRITICISM: "Only the head confirms criticism, or the business manager whom the head named for it.",
    Act.LET_IN: "Only the head lets an auditor in. Ask the head.",
    Act.AGREE_LET_IN: "Only a business manager or head of the trust agrees, who did not ask for it.",
    Act.OBJECT_AUDIT: "Only the head objects to an audit that the trust decided. Ask the head.",
    Act.END: "Only a business manager or head ends an auditor's access.",
}
_OTHERWISE: Final[Mapping[Act, str]] = {
    Act.BREAK_IN: "Nobody who may write belongs to the school. Invite a business manager, who stays.",
    Act.SUCCEED: (
        "Somebody of the school who may write signed in within the last 30 days. "
        "A new head is invited when the head or chair asks from the school's published address."
    ),
    Act.INVITE: (
        "You can invite only a business manager, and only while nobody at the school may write. After that its own people invite."
    ),
    Act.RESET: (
        "Your school alone can't make a new-password link for this person. Heads of two of their schools can, if both agree; "
        "otherwise ask whoever runs this installation."
    ),
    Act.CONFIRM_ADDRESS: "This installation sends letters: people prove their own address, under Your account.",
    Act.END: "Your trust decided this audit, so your school can't end it. The head can object to it, which the trust is shown.",
    Act.CONFIRM_HEAD: "The school has a head by now, and only a head makes others head.",
    Act.APPROVE_ERASURE: "The school has people who count as two, so they decide this themselves.",
    Act.AGREE_RESET: "Two heads agree only about somebody who belongs to several schools and doesn't run this installation.",
}


BY_ROLE: Final[Mapping[Role, By]] = {
    Role.SITE_STAFF: By.SITE_STAFF,
    Role.GOVERNOR: By.GOVERNOR,
    Role.TRUST_LEAD: By.TRUST_LEAD,
    Role.BUSINESS_MANAGER: By.BUSINESS_MANAGER,
    Role.HEAD: By.HEAD,
}  # somebody of the school itself
_ACT_ON_NOBODY: Final = frozenset({By.SITE_STAFF, By.GOVERNOR, By.TRUST_LEAD})


def at_a(kind: str) -> tuple[Role, ...]:
    """The roles of members of a "school", or of a "trust", which is its central team. An auditor is let in by a grant."""
    return tuple(role for role in Role if role is not Role.AUDITOR and (role is not Role.TRUST_LEAD or kind == "trust"))


def may(act: Act, by: Collection[By], over: Role, *, holding: Collection[Only] = ()) -> bool:
    """Whether one of the standings ``by`` lets somebody do ``act`` where another has, is given or is offered the role ``over``.

    For a change of role it is the higher of the two. ``holding`` are the conditions that are true at this moment.
    """
    return any(
        rule.act is act and rule.by in by and over in rule.over and (rule.only is Only.ALWAYS or rule.only in holding)
        for rule in TABLE
    )


def change(old: Role, new: Role) -> tuple[Act, Role]:
    """What a change of role is, and the higher of the two roles, which the act is about."""
    act = Act.PROMOTE if RANKS.index(new) > RANKS.index(old) else Act.DEMOTE
    return act, max(old, new, key=RANKS.index)


def refusal(act: Act, by: Collection[By], over: Role, *, holding: Collection[Only] = ()) -> str:
    """Why not, and who can."""
    if not _ACT_ON_NOBODY.isdisjoint(by) and (act is not Act.LET_IN or Only.NO_HEAD in holding):
        return ONLY_WRITERS
    at_other_times = any(rule.act is act and rule.by in by and over in rule.over for rule in TABLE)
    found = _OTHERWISE if at_other_times or By.OPERATOR in by else _ABOVE
    return found.get(act) or _ABOVE[act]


def as_markdown() -> str:
    """The table, a row for each act and for each who may do it."""
    rows = ["| act | by | to | only |", "|---|---|---|---|"]
    for rule in sorted(TABLE, key=lambda rule: tuple(Act).index(rule.act)):
        over = ", ".join(role.words for role in RANKS if role in rule.over)
        rows.append(f"| {rule.act} | {rule.by} | {over} | {rule.only} |")
    return "\n".join(rows)
