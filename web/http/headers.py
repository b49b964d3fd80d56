"""The security headers of every response. A handler's own value wins, as for a calendar feed or a download."""

from typing import Final

RawHeaders = list[tuple[bytes, bytes]]

# Of the one inline script in GOV.UK's page template; tests/web/test_pages_templating.py computes it again from a page.
TEMPLATE_SCRIPT: Final = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' '{TEMPLATE_SCRIPT}'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"private, no-store"),
)
VARY: Final = (b"vary", b"Accept, Accept-Encoding, Authorization, Cookie, HX-Request")
A_YEAR: Final = b"max-age=31536000"


def secured(headers: RawHeaders, *, is_https: bool, subdomains: bool = False) -> RawHeaders:
    """``subdomains``: every name below ours is to be asked by HTTPS only, which only whoever owns them can promise."""
    present = {name.lower() for name, _ in headers}
    hsts = (b"strict-transport-security", A_YEAR + (b"; includeSubDomains" if subdomains else b""))
    defaults = [*ALWAYS, VARY, *([hsts] if is_https else [])]
    return [*headers, *(default for default in defaults if default[0] not in present)]
