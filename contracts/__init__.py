"""Contracts with suppliers and how the service did: dates, the clock that knows school terms, attainment. Above `suppliers`.

Rooms: `clock` and `attaining` only compute; `register_file` reads registers kept in spreadsheets; `register` keeps what each
contract says and what follows from its dates; `imports` brings registers in and out; `calendars` keeps the school's hours and
term dates; `service_events` logs what happened under contracts; `attainment` says how the service did, `improvement` what follows
from that; `exceptions` lists what an auditor asks; `shares` says who else may see a contract; `documents` keeps its files;
`reminders` says by when to decide about a contract, and keeps what was decided; `review` makes the review pack and keeps the
records of meetings; `profile` is one contract's page, to which rooms add sections; `cases` shows at the command line what
computes.
"""
