"""Every page and endpoint of Vouch: one line a router."""

from typing import Final

from litestar import Router

import audit.checking.pages
import audit.packs.api
import audit.packs.pages
import audit.reading.api
import audit.reading.as_of_pages
import audit.reading.pages
import audit.seals.api
import audit.seals.pages
import audit.verifier.pages
import contracts.attainment.api
import contracts.attainment.pages
import contracts.backing.api
import contracts.backing.pages
import contracts.calendars.api
import contracts.calendars.pages
import contracts.changes.later_pages
import contracts.documents.api
import contracts.documents.pages
import contracts.endings.ending_pages
import contracts.exceptions.pages
import contracts.imports.asked_pages
import contracts.imports.pages
import contracts.imports.row_pages
import contracts.improvement.pages
import contracts.job_lists.job_list_pages
import contracts.lists.list_pages
import contracts.profile.pages
import contracts.promises.metric_pages
import contracts.register.api
import contracts.register.pages
import contracts.register.question_pages
import contracts.reminders.governor_pages
import contracts.reminders.pages
import contracts.review.api
import contracts.review.pages
import contracts.service_events.agreeing_pages
import contracts.service_events.api
import contracts.service_events.event_pages
import contracts.service_events.pages
import contracts.service_events.photo_pages
import contracts.shares.api
import contracts.shares.pages
import contracts.shares.stop_pages
import contracts.sheets.sheet_pages
import disclosure.api
import disclosure.foi.pages
import disclosure.pages
import notices.desk.home_pages
import notices.desk.waiting_feed_pages
import notices.feed_pages
import notices.pages
import privacy.about_pages
import privacy.hidden_pages
import privacy.holds_pages
import privacy.in_directory.pages
import privacy.outside_pages
import privacy.pages
import privacy.subject_access_pages
import sharing.accounts.pages
import sharing.auditors.pages
import sharing.joining.pages
import sharing.networks.api
import sharing.networks.pages
import sharing.operator.break_glass_pages
import sharing.operator.succession_pages
import sharing.people.confirmer_pages
import sharing.people.head_pages
import sharing.people.pages
import sharing.sign_in.key_pages
import sharing.sign_in.pages
import sharing.sign_in.security_pages
import sharing.two_people.pages
import suppliers.asking.answer_pages
import suppliers.asking.api
import suppliers.asking.pages
import suppliers.comparing.api
import suppliers.comparing.pages
import suppliers.corrections.api
import suppliers.corrections.pages
import suppliers.coverage.api
import suppliers.coverage.pages
import suppliers.directory.api
import suppliers.directory.pages
import suppliers.helped.api
import suppliers.helped.pages
import suppliers.hiding.api
import suppliers.hiding.pages
import suppliers.imports.api
import suppliers.imports.asked_pages
import suppliers.imports.pages
import suppliers.meeting.pages
import suppliers.merging.api
import suppliers.merging.pages
import suppliers.opinions.api
import suppliers.opinions.confirming_pages
import suppliers.opinions.pages
import suppliers.ours.note_pages
import suppliers.ours.pages
import suppliers.ours.still_true_pages
import suppliers.profile.pages
import suppliers.profile.site_staff_pages
import suppliers.search.api
import suppliers.search.pages
import suppliers.shares.api
import suppliers.shares.consent_pages
import suppliers.shares.pages
import suppliers.shares.reader_pages
import web.http.health
import web.pages.about

ROUTERS: Final[tuple[Router, ...]] = (
    web.pages.about.pages,
    web.http.health.pages,
    audit.reading.pages.pages,
    audit.checking.pages.pages,
    audit.verifier.pages.pages,
    audit.reading.api.api,
    audit.reading.as_of_pages.pages,
    audit.reading.as_of_pages.api,
    audit.seals.pages.pages,
    audit.seals.api.api,
    audit.packs.pages.pages,
    audit.packs.api.api,
    suppliers.search.pages.pages,
    suppliers.corrections.pages.pages,
    suppliers.corrections.api.api,
    suppliers.merging.pages.pages,
    suppliers.ours.note_pages.pages,
    suppliers.ours.pages.pages,
    suppliers.ours.still_true_pages.pages,
    suppliers.directory.pages.pages,
    suppliers.profile.pages.pages,
    suppliers.comparing.pages.pages,
    suppliers.coverage.pages.pages,
    suppliers.meeting.pages.pages,
    suppliers.profile.site_staff_pages.pages,
    suppliers.imports.pages.pages,
    suppliers.imports.asked_pages.pages,
    suppliers.opinions.pages.pages,
    suppliers.helped.pages.pages,
    suppliers.asking.pages.pages,
    suppliers.asking.answer_pages.pages,
    suppliers.hiding.pages.pages,
    suppliers.opinions.confirming_pages.pages,
    suppliers.shares.pages.pages,
    suppliers.shares.reader_pages.pages,
    suppliers.shares.consent_pages.pages,
    contracts.lists.list_pages.pages,
    contracts.register.pages.pages,
    contracts.endings.ending_pages.pages,
    contracts.changes.later_pages.pages,
    contracts.register.question_pages.pages,
    contracts.profile.pages.pages,
    contracts.imports.asked_pages.pages,
    contracts.imports.pages.pages,
    contracts.imports.row_pages.pages,
    contracts.sheets.sheet_pages.pages,
    contracts.reminders.pages.pages,
    contracts.reminders.governor_pages.pages,
    disclosure.pages.pages,
    disclosure.api.api,
    disclosure.foi.pages.pages,
    privacy.about_pages.pages,
    privacy.in_directory.pages.pages,
    privacy.pages.pages,
    privacy.hidden_pages.pages,
    privacy.holds_pages.pages,
    privacy.outside_pages.pages,
    privacy.subject_access_pages.pages,
    suppliers.search.api.api,
    suppliers.coverage.api.api,
    suppliers.comparing.api.api,
    contracts.register.api.api,
    suppliers.directory.api.api,
    suppliers.merging.api.api,
    suppliers.imports.api.api,
    suppliers.opinions.api.api,
    suppliers.helped.api.api,
    suppliers.asking.api.api,
    suppliers.ours.still_true_pages.api,
    suppliers.hiding.api.api,
    contracts.documents.api.api,
    suppliers.shares.api.api,
    contracts.shares.pages.pages,
    contracts.shares.stop_pages.pages,
    contracts.documents.pages.pages,
    contracts.shares.api.api,
    sharing.sign_in.pages.pages,
    sharing.joining.pages.pages,
    sharing.people.pages.pages,
    sharing.operator.break_glass_pages.pages,
    sharing.operator.succession_pages.pages,
    sharing.people.head_pages.pages,
    sharing.two_people.pages.pages,
    sharing.people.confirmer_pages.pages,
    sharing.accounts.pages.pages,
    sharing.sign_in.key_pages.pages,
    sharing.sign_in.security_pages.pages,
    sharing.auditors.pages.pages,
    notices.desk.home_pages.pages,
    notices.desk.waiting_feed_pages.pages,
    notices.desk.waiting_feed_pages.public_pages,
    notices.pages.pages,
    notices.pages.public_pages,
    notices.feed_pages.pages,
    notices.feed_pages.public_pages,
    sharing.networks.pages.pages,
    sharing.networks.api.api,
    contracts.calendars.pages.pages,
    contracts.calendars.api.api,
    contracts.review.pages.pages,
    contracts.review.api.api,
    contracts.service_events.pages.pages,
    contracts.service_events.event_pages.pages,
    contracts.service_events.agreeing_pages.pages,
    contracts.service_events.photo_pages.pages,
    contracts.promises.metric_pages.pages,
    contracts.job_lists.job_list_pages.pages,
    contracts.service_events.api.api,
    contracts.attainment.pages.pages,
    contracts.exceptions.pages.pages,
    contracts.improvement.pages.pages,
    contracts.attainment.api.api,
    contracts.backing.pages.pages,
    contracts.backing.api.api,
)
