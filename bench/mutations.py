"""Lines on which others rest, each with a way of breaking it and the tests that must see it. ``mutants.py`` tries them.

A snippet stands exactly once in its file (tests/house/test_mutants.py). ``tests`` are patterns of paths under ``tests/``.
A mutation must leave code that runs: what no test can miss, such as a name that is gone, tells nothing.
"""

from collections.abc import Mapping
from typing import Final

from bench.mutation import Mutation, of_one_file

DOORS: Final = (
    *of_one_file(
        "audit/log/recording.py", ["audit/test_log_recording", "audit/test_log_salts"],
        ("a change that recorded nothing is kept", "            record.require_something()\n", ""),
        ("a change that was none is committed", "            raise _Unchanged\n", "            return\n"),
        ("the operator's trail names who added a supplier", "if owner == OPERATOR and not viewer.is_operator:", "if not owner:"),
        ("every opening has the same salt", "os.urandom(entry.SALT_BYTES)", "bytes(entry.SALT_BYTES)"),
    ),
    *of_one_file(
        "database/guarded.py", ["database/test_units", "database/test_guarded*"],
        ("housekeeping writes any table", "written.group(1) not in HOUSEKEEPING_TABLES", "not written.group(1)"),
        ("housekeeping runs any statement",
         'if written is None and not query.lstrip().upper().startswith("SELECT")', "if not query"),
    ),
    *of_one_file(
        "database/__init__.py", ["database/test_units", "database/test_batches"],
        ("units of work nest", "if {kind, unit_now().kind} != {UnitKind.READ}:", "if not kind:"),
        ("a write is part of a read", "{kind, unit_now().kind} !=", "{unit_now().kind} !="),
        ("a read is part of a write", "{kind, unit_now().kind} !=", "{kind} !="),
        ("a read unit takes rows in bulk", "unit.kind is not UnitKind.WRITE", "unit.kind is UnitKind.HOUSEKEEPING"),
    ),
    *of_one_file(
        "database/current.py", ["database/test_units"],
        ("a unit that writes keeps answers", "if unit.kind is not UnitKind.READ or not unit.is_mine:", "if not unit.is_mine:"),
        ("an answer is given to another task", "if unit.kind is not UnitKind.READ or not unit.is_mine:",
         "if unit.kind is not UnitKind.READ:"),
    ),
)  # fmt: skip

PREDICATE: Final = (
    *of_one_file(
        "sharing/access/visibility.py", ["sharing/test_access_visibility"],
        ("what was withdrawn is still seen", '"({} AND (({} = ', '"(({} OR 1 = 1) AND (({} = '),
        ("a closed school still receives", "principals.blocked_by) if principals.is_open else ALWAYS", "principals.blocked_by)"),
        ("a grant opens rows of other schools", "g.owner = {} AND {} AND {})", "(g.owner = {} OR 1 = 1) AND {} AND {})"),
        ("site staff read what colleagues wrote", "if principals.role is Role.SITE_STAFF:", "if False:"),
        ("a trust lead reads private notes", "is_kept = getattr", "is_kept = False and getattr"),
        ("a filter on a hidden field lets its row through", "g.fields & {field.value} <> 0", "{field.value} <> 0"),
    ),
    *of_one_file(
        "sharing/access/holding.py", ["sharing/test_access_visibility", "sharing/test_access_clock_put_back"],
        ("a grant still holds at the moment it ends", "{grant}.expires_at > {{}}", "{grant}.expires_at >= {{}}"),
        ("a revoked grant still holds", 'f"({grant}.revoked_at IS NULL AND ', 'f"('),
        ("what was ended holds, as an earlier clock has it", '"({row}.until_at IS NULL)"', '"({row}.until_at IS NULL OR 1 = 1)"'),
    ),
    *of_one_file(
        "sharing/access/granted_to.py", ["sharing/test_access_visibility"],
        ("a network's grant outlives its owner", '_any(mine), holds("m")', "_any(mine), ALWAYS"),
        ("who joined later sees what was for members of then", "OR g.joined_before >= {})", "OR g.joined_before < {})"),
    ),
    *of_one_file(
        "sharing/access/principals.py", ["sharing/test_access_visibility"],
        ("a governor reads criticism", "return ALL if self.role.reads_criticism or", "return ALL if True or"),
        ("site staff receive what is shared", " and role is not Role.SITE_STAFF,", ","),
    ),
    *of_one_file(
        "sharing/access/audiences.py", ["sharing/test_access_audiences*"],
        ("a line that is kept is judged again", "for grant in choice.grants if grant not in kept", "for grant in choice.grants"),
        ("another school's lines are kept as one's own",
         " & (AudienceGrant.owner == viewer.school) & AudienceGrant.revoked_at", " & AudienceGrant.revoked_at"),
    ),
)  # fmt: skip

TRAIL: Final = (
    *of_one_file(
        "audit/merkle.py", ["audit/test_merkle*", "audit/test_log_recording"],
        ("of two roots only the later one is proven", "if computed1 != old or computed2 != new:", "if computed2 != new:"),
        ("an entry may lie beyond the tree", "0 <= index < size <= MAX_TREE_SIZE", "0 <= index <= size <= MAX_TREE_SIZE"),
        ("only the lowest level of hashes is stored", "if level in _ARE_STORED:", "if level == STORED_LEVELS[0]:"),
    ),
    *of_one_file(
        "audit/log/fsck.py", ["audit/test_log_fsck*"],
        ("a value that vanished is not missed", "    if state.missing:\n", "    if not state:\n"),
    ),
    *of_one_file(
        "audit/log/fsck_entry.py", ["audit/test_log_fsck*"],
        ("a stream may skip a number", '    if row["sseq"] != due:', '    if row["sseq"] < due:'),
        ("an event or its facts may be erased", "        if name not in openings:\n", "        if not openings:\n"),
    ),
    *of_one_file(
        "audit/log/fsck_seals.py", ["audit/test_log_fsck*", "audit/test_seals"],
        ("a seal's text may say another head than its row",
         '        if said != (row["origin"], row["size"], bytes(row["root"])):', "        if not said:"),
    ),
    *of_one_file(
        "audit/packs/takeaway.py", ["audit/test_packs", "audit/test_packs_seal"],
        ("a pack is made although its seal is of another root",
         "    if seal and seal.root != root:\n", "    if seal and not root:\n"),
    ),
    *of_one_file(
        "audit/packs/packs.py", ["audit/test_packs", "audit/test_packs_seal"],
        ("a complete pack may have another root than its head", "parts.frontier.root != head.root", "not head.root"),
    ),
    *of_one_file(
        "audit/seals/signer.py", ["audit/test_seals_signer", "audit/test_seals_recovery"],
        ("what was signed is not remembered", "        _keep(memory, [answer for _, answer in signed])\n", ""),
        ("a head that does not continue the last is signed",
         "        if fault := _fault(ask, last):\n", '        if fault := "":\n'),
        ("a trail sheds its past by taking another name",
         "if called.get(ask.trail, ask.origin) != ask.origin", "if not ask.origin"),
    ),
    *of_one_file(
        "audit/letters/compared.py", ["audit/test_letters_compared"],
        ("two seals of one size may have two roots", "== (later.size, True)", "== (later.size, None)"),
        ("letters of two trails are compared", "if letter.origin != letters[0].origin", "if not letter.origin"),
        ("a proof that joins nothing is good enough",
         '        raise LetterFault("letter-proof", size=later.size, earlier=earlier.size) from error\n', '        return ""\n'),
        ("a key that was given need not have signed", "if known.are_given and are_missing(known, signers):", "if not known:"),
        ("letters that nobody's known key signed pass for signed",
         '"unsealed" if not all(signers) else', '"unsealed" if not signers else'),
    ),
    *of_one_file(
        "audit/letters/reading.py", ["audit/test_letters_compared"],
        ("of two seals in a letter the first counts", " > 1 or len(found) > MOST_SEALS", " > 2 or len(found) > MOST_SEALS"),
    ),
    *of_one_file(
        "audit/seals/rotation.py", ["audit/test_seals_keys"],
        ("whom to tell goes by the clock", 'if row["keys"] is None else', "if True else"),
    ),
    *of_one_file(
        "audit/verifier/entries.py", ["audit/test_verifier_verify"],
        ("a value that was erased may be in a pack", "        if made in gone:\n", "        if not made:\n"),
        ("a complete pack may end early",
         "if manifest.grade == COMPLETE and walk.last + 1 < manifest.size:", "if walk.last >= manifest.size:"),
        ("an entry of another stream may be opened", "    elif openings or walk.manifest.grade", "    elif walk.manifest.grade"),
    ),
)  # fmt: skip

MERGING: Final = (
    *of_one_file(
        "suppliers/record/merge_forest.py", ["suppliers/test_record_merge_forest"],
        ("a merge of a merge is followed one step only", "        while root in whole:\n", "        if root in whole:\n"),
        ("what was left out comes back", "if fact not in edge.dropped)", "if fact)"),
        ("the older of two reviews stands",
         "key=lambda row: (row.rank, row.id), reverse=True)", "key=lambda row: (row.rank, row.id))"),
        ("two bodies with two numbers pass for one",
         "        if ours and theirs and not set(ours)", "        if not ours and not set(ours)"),
    ),
    *of_one_file(
        "suppliers/record/merge_effects.py", ["suppliers/test_merging"],
        ("of two uses the later one stands", "-at if kind.table is Use else at", "at"),
        ("a school's merge moves what others said", "& (table.school == school) if school else", "if school else"),
    ),
    *of_one_file(
        "suppliers/merging/merges.py", ["suppliers/test_merging"],
        ("an own record leaves with what others see", "        await _refuse_what_is_shared(part, leaving)\n", ""),
    ),
)  # fmt: skip

HIDDEN: Final = (
    *of_one_file(
        "suppliers/record/field_groups.py", ["promises/test_hidden_edits"],
        ("an edit of what is hidden moves the date",
         "for group, bits in REVIEW.items() if mask & bits)", "for group, bits in REVIEW.items())"),
    ),
    *of_one_file(
        "suppliers/opinions/opinion.py", ["promises/test_hidden_edits"],
        ("a text beside a vouch keeps it from lapsing",
         "if self.rating is None and self.would_use_again else None", "if self.is_vouch else None"),
    ),
    *of_one_file(
        "suppliers/record/interests.py", ["promises/test_interest"],
        ("a merge ends an interest", "return frozenset({*roots, *parts})", "return frozenset(named)"),
        ("the trail tells criticism to whoever has an interest",
         "return frozenset(map(Subject.SUPPLIER.of, await suppliers_of(viewer)))", "return frozenset()"),
    ),
    *of_one_file(
        "sharing/networks/networks.py", ["promises/test_hidden_is_missing"],
        ("a network that is not there asks less than one that is hidden",
         ".first(), await _is_in(viewer.school, network)", ".first(), True"),
    ),
    *of_one_file(
        "sharing/sign_in/sign_in.py", ["promises/test_asked_who_first"],
        ("parameters are judged before who one is", 'if handler.opt.get("public") or', "if True or"),
    ),
)  # fmt: skip

RANKING: Final = (
    *of_one_file(
        "suppliers/search/ranking.py", ["suppliers/test_search_ranking*"],
        ("doubt weighs 3 instead of 2", "DOUBT: Final = 2.0", "DOUBT: Final = 3.0"),
        ("four stars are worth a little less", "4: 0.6", "4: 0.5"),
        ("distance counts without its square", "(word.miles / reach_miles) ** 2", "(word.miles / reach_miles)"),
        ("a school that only uses them counts as praise", "USES_THEM: Final = 0.25", "USES_THEM: Final = 0.5"),
    ),
    *of_one_file(
        "suppliers/opinions/rating_sums.py", ["suppliers/test_opinions_averages", "suppliers/test_opinions_extras"],
        ("a declared interest is counted", "w.is_first AND NOT w.interest AND", "w.is_first AND"),
        ("a declared interest is counted where it is told to few",
         '" AND suppliers_review.interest IS NULL AND {}"', '" AND {}"'),
        ("a school counts twice that two lines bring", "{} AND w.school <> {} AS is_heard",
         "({} OR TRUE) AND w.school <> {} AS is_heard"),
    ),
    *of_one_file(
        "suppliers/judged_words.py", ["suppliers/test_opinions_averages", "suppliers/test_opinions_extras"],
        ("an answer to an extra question is told where the rating is kept back",
         " AND {word}.fields & {Fields.RATING.value} <> 0", ""),
    ),
    *of_one_file(
        "suppliers/search/word_rows.py", ["suppliers/test_search"],
        ("a declared interest moves the order", 'WEIGHS: Final = "NOT w.interest"', 'WEIGHS: Final = "TRUE"'),
    ),
)  # fmt: skip

SIGN_IN: Final = (
    *of_one_file(
        "sharing/sign_in/throttle.py", ["sharing/test_sign_in"],
        ("a fourth guess costs no waiting", "if over >= 0 else timedelta()", "if over > 0 else timedelta()"),
        ("a wait has no end", "min(wait, limit.longest_wait)", "wait"),
        ("a sign-in that worked counts as a guess from its address",
         "{Throttle.failures: Throttle.failures - 1}", "{Throttle.failures: Throttle.failures}"),
    ),
    *of_one_file(
        "sharing/sign_in/sessions.py", ["sharing/test_sign_in_sessions"],
        ("an idle session goes on", ' and now - row["seen_at"] < IDLE)', ")"),
        ("switching schools starts the twelve hours again", "made_at=old.made_at if old else None", "made_at=None"),
    ),
    *of_one_file(
        "sharing/sign_in/one_time_links.py", ["sharing/test_joining", "sharing/test_sign_in_one_time_links"],
        ("a link is used when it is no longer live",
         ".where(_is_live() & (OneTimeLink.id == link.id))", ".where(OneTimeLink.id == link.id)"),
        ("a link for one thing does another", "if row is None or row.purpose not in purposes:", "if row is None:"),
    ),
)  # fmt: skip

ERASURE: Final = (
    *of_one_file(
        "audit/erasing/erasure.py", ["audit/test_erasing*", "privacy/test_erasure"],
        ("the last entry of a page is not searched",
         "AND e.idx < {{}} AND o.field LIKE", "AND e.idx < {{}} - 1 AND o.field LIKE"),
        ("the border of two pages is counted twice",
         "AND e.idx < {{}} AND o.field = 'facts'", "AND e.idx <= {{}} AND o.field = 'facts'"),
        ("facts can be erased", "if any(opened.field in NEVER_ERASED for opened in openings):", "if not done.trail:"),
    ),
    *of_one_file(
        "privacy/erasure.py", ["privacy/test_erasure"],
        ("what was erased is not put on the list", "            await asyncio.to_thread(erasure_list.add, listed)\n", ""),
    ),
    *of_one_file(
        "privacy/seconds.py", ["privacy/test_erasure_seconds", "privacy/test_erasure"],
        ("one person alone erases", "    await established.require_two(row", "    await established.why_not_two(row"),
        ("somebody from outside decides beside a colleague",
         "if await is_wanted_from_outside(row.asked_by, school) else set", "if row.asked_by else set"),
    ),
    *of_one_file(
        "sharing/two_people/established.py", ["sharing/test_two_people_established"],
        ("an address that nobody proved counts", 'row["address_proved_at"] is not None', 'row["name"] is not None'),
        ("who joined today is established", "    if since > clock.now():\n", "    if since < member.since:\n"),
        ("a second account of one's own counts", "    return is_joined and not _is", "    return not first and not _is"),
        ("a new password by a colleague's link changes nothing", "way.given_by not in pair and", "way.given_by in pair or"),
    ),
    *of_one_file(
        "privacy/plan.py", ["audit/test_erasing_holds"],
        ("a legal hold stops nothing",
         "    await holds.refuse_what_is_held(trail, touched | await _held_people(trail, plan))\n", ""),
        ("what has to be kept may go", "        if kept:\n", "        if not what:\n"),
    ),
    *of_one_file(
        "database/waiting_files.py", ["suppliers/test_imports_storage"],
        ("lists without end may wait", "+ size > MOST_BYTES:", "+ size > MOST_BYTES * 1_000:"),
    ),
)  # fmt: skip

MUTATIONS: Final[Mapping[str, tuple[Mutation, ...]]] = {
    "the doors": DOORS,
    "who may see what": PREDICATE,
    "the trail": TRAIL,
    "merging": MERGING,
    "what is hidden": HIDDEN,
    "ranking and numbers": RANKING,
    "signing in": SIGN_IN,
    "erasure and limits": ERASURE,
}
