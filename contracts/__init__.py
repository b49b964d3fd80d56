"""Contracts with suppliers and how the service did: dates, the clock that knows school terms, attainment. Above `suppliers`.

Rooms: `clock`, `attaining` and `judging` only compute; `register_file` reads registers kept in spreadsheets. `fields` is what a
contract can say, `access` who may read it; `lists` reads many, and `register` keeps what each says and what follows from its
dates; `changes` and `endings` are what happens to it later. `sheets` are the register as files, and `imports` brings one in,
whose rows `register_rows` understands; `texts` finds words in all of it. `calendars` keeps the school's hours and term dates;
`promises` is what was promised, `service_events` logs what happened, `job_lists` takes a supplier's list; `attainment` says how
the service did, `improvement` what follows from that; `exceptions` lists what an auditor asks; `shares` says who else may see a
contract, `backing` whether a review rests on logged jobs; `documents` keeps its files; `reminders` says by when to decide about
a contract, and keeps what was decided; `review` makes the review pack and keeps the records of meetings; `profile` is one
contract's page, to which rooms add sections; `cases` shows at the command line what computes.
"""
