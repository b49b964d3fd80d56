"""HTTP around every handler: the layer outside the framework, headers, error answers, health, downloads, logs, the API document.

Start in `asgi.py`. Knows no page and no slice.
"""
