"""A contract register as schools keep it by hand: what each row says, and what has to be asked. Start in `register_file.py`.

One rule binds all of it (R in `docs/reference/sla-rules.md`): a value is right, or null with a question; never wrong in silence.
So a reader of values answers only when every word of the cell is accounted for. Nothing here knows a database or a setting.
"""
