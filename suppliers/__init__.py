"""Suppliers, what schools say of them, and the way to the good ones near here. Knows schools and the trail.

The rooms, from the ground up:

    files      pure: what an uploaded file is; a photo without what it says beside the picture
    matching   pure: how names are read and compared; may these two be one?
    record     what a supplier is, with what was merged into it
    lists      spreadsheets of suppliers, as they are
    index      finding a name among a million
    directory  which suppliers there are, and who uses which
    merging    two records, one supplier: proposed, decided, undone
    corrections  what is wrong with an entry of the directory, put right
    opinions   reviews, vouches and notes, with their files
    ours       whom we use, as a table; a word on several at once
    helped     what another school's review did for ours
    search     who is good near here?
    hiding     what we said, out of everybody's sight at once
    shares     who may see what we said
    asking     what schools ask each other, and answer by what they say
    imports    a school's own list, looked at and taken in
    comparing  up to four suppliers side by side
    coverage   where no school has a word
    profile    one supplier's page, which shows something of every room
    meeting    what the schools of a network have to talk about

What one school says, another reads only by the predicate of `sharing/access`.
"""
