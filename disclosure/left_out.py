"""Which tables a copy of a school's records has, and why it leaves out the others, in words that a governor understands.

Every table is named once; tests/disclosure takes a copy in to see that the first is true.
"""

from collections.abc import Mapping
from typing import Final

IN_THE_COPY: Final[Mapping[str, tuple[str, ...]]] = {
    "suppliers": ("suppliers_supplier", "suppliers_alias", "suppliers_identifier", "suppliers_supplies", "suppliers_use"),
    "reviews": ("suppliers_review",),
    "notes": ("suppliers_note", "suppliers_attachment"),
    "shares": ("disclosure_share_to_confirm",),
    "contracts": ("contracts_contract", "contracts_extension", "contracts_covered"),
    "promises": ("contracts_metric",),
    "documents": ("contracts_document",),
    "calendars": ("contracts_calendar_version",),
    "happened": (
        *("contracts_service_event", "contracts_service_stamp", "contracts_outcome", "contracts_service_words"),
        "contracts_service_photo",
    ),
    "meetings": ("contracts_meeting", "contracts_action"),
    "decisions": ("contracts_decision",),
    "variations": ("contracts_variation",),
    "concerns": ("contracts_concern", "contracts_concern_step"),
    "credits": ("contracts_credit",),
    "ratings": ("contracts_assessment",),
    "questions": ("contracts_question",),
    "links": ("contracts_link",),
    "notices": ("contracts_sending",),
    "deciding": ("contracts_timing",),
    "buying_rules": ("contracts_buying_rules",),
    "enquiries": ("suppliers_enquiry",),
    "answers": ("suppliers_enquiry_answer",),
}

# By why. Of those that Vouch works out of others, or needs to run, nothing is said.
LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "The trail, its seals and what was erased or is kept longer: an audit pack has the trail and proves it.": (
        *("audit_trail", "audit_head", "audit_stream", "audit_entry", "audit_node", "audit_opening", "audit_origin"),
        *("audit_checkpoint", "audit_cosignature", "audit_time_stamp", "audit_origins_note", "audit_seal_recipient"),
        *("audit_delivery", "audit_erasure", "audit_hold", "audit_retention", "audit_hidden"),
    ),
    "People, their sign-in, and who may do what: each person joins anew where your school goes.": (
        *("sharing_person", "sharing_membership", "sharing_one_time_link", "sharing_session", "sharing_known_browser"),
        *("sharing_last_school", "sharing_api_key", "sharing_api_key_use", "sharing_throttle", "sharing_security_event"),
        *("sharing_head_naming", "sharing_published_address", "sharing_break_glass", "sharing_succession", "sharing_way_in"),
        *("sharing_two_people", "sharing_outside_link", "sharing_reset_agreement", "sharing_confirmer"),
        *("sharing_auditor_grant", "sharing_auditor_scope", "sharing_auditor_objection"),
    ),
    "Networks, connections and blocks: both sides agree to them anew. Who could see what goes along, for your head to confirm.": (
        *("sharing_network", "sharing_network_member", "sharing_network_invitation", "sharing_connection"),
        *("sharing_connection_request", "sharing_block", "sharing_audience", "sharing_audience_grant"),
    ),
    "What belongs to one person: interests that they declared (a review keeps its own), letters, calendar feeds, what they last "
    "looked at.": (
        *("suppliers_interest", "suppliers_look", "notices_choice", "notices_letter", "notices_told", "notices_refused"),
        *("notices_feed", "notices_looked", "notices_asked", "notices_waiting_feed"),
    ),
    "Earlier versions of reviews and notes, and corrections of what happened and of meetings: the trail tells them.": (
        "suppliers_past_review",
    ),
    "Which suppliers were judged to be one or to belong together: in the copy they are one, or two, as your school sees them.": (
        *("suppliers_merge", "suppliers_decision", "suppliers_link"),
    ),
    "What is about other schools' words or the shared directory: what a review of theirs did for you, and corrections that you "
    "suggested.": ("suppliers_helped", "suppliers_correction", "suppliers_directory_edit"),
    "That a head let more schools read criticism, and who was told of it: a head decides that anew.": (
        *("suppliers_confirmed_criticism", "suppliers_told_criticism"),
    ),
    "Whether a review rests on logged jobs: say it on the review once the jobs are there.": ("contracts_backing",),
    "Spreadsheets that are still being read in, and answers kept for the next one: read them in where your school goes.": (
        *("suppliers_import", "suppliers_import_row", "suppliers_import_remembered"),
        *("contracts_import", "contracts_import_row", "contracts_import_name"),
    ),
}

WORKED_OUT: Final = (  # from the rest, or of the installation and no school's
    *("suppliers_whole_category", "suppliers_pair", "suppliers_pair_search", "suppliers_key", "suppliers_card"),
    *(
        "suppliers_index",
        "suppliers_refile",
        "suppliers_open_word",
        "suppliers_ranked_word",
        "suppliers_judged_word",
        "suppliers_word_count",
        "contracts_dates_from",
        "contracts_service_version",
        "audit_sending",
    ),
    *("contracts_attained", "notices_lease", "sharing_school", "audit_rotation", "audit_key", "audit_cosigner"),
)


def reasons() -> tuple[str, ...]:
    return (*LEFT_OUT, "What was hidden or withdrawn, and what was logged at your school under a contract of your trust.")
