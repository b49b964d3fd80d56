"""What every page, endpoint and command stands on. Knows no slice: `pages/site.py` says what it is told of them.

    pages     the layout, forms, static files: what a page is made of
    http      what surrounds every handler: the outermost layer, headers, error answers, downloads, logs

`terminal.py` is the same for commands: an open database around their work, and one answer in words or in JSON.
"""
