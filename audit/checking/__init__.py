"""Whether everything still is what was recorded: one set of questions, asked by `vouch trail fsck`, the page Check, `vouch
restore` and a job each night. Start in `questions.py`.

It recomputes through `audit.log.fsck`, and knows no other slice: `vouch` tells it what they keep. Writes nothing.
"""
