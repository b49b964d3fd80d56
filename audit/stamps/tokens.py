"""Requests and answers of RFC 3161 (with RFC 5816): a request is written, an answer taken apart into a token.

Nothing about a token is believed here but its form; ``trust.py`` checks it. The form of the CMS around it is RFC 5652's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from audit.stamps import der
from audit.stamps.der import EXPLICIT, INTEGER, OCTETS, OID, SEQUENCE, SET, BadDer, Element, Reader

LARGEST_ANSWER: Final = 64 * 1024  # bytes, as a pack's file; with all its certificates an answer has some 6,000
MOST_CERTIFICATES: Final = 10
REQUEST_TYPE: Final = "application/timestamp-query"
ANSWER_TYPE: Final = "application/timestamp-reply"
GRANTED: Final = (b"\x00", b"\x01")  # as asked, or with changes, of which there can be none that matter: all is checked

SHA256: Final = der.oid("2.16.840.1.101.3.4.2.1")
SIGNED_DATA: Final = der.oid("1.2.840.113549.1.7.2")
TST_INFO: Final = der.oid("1.2.840.113549.1.9.16.1.4")
TIME: Final = re.compile(rb"[0-9]{14}(?:\.([0-9]{1,9}))?Z")
CERTIFICATES, CRLS = 0xA0, 0xA1
SIGNED_ATTRIBUTES, UNSIGNED_ATTRIBUTES, KEY_IDENTIFIER = 0xA0, 0xA1, 0x80
MILLISECONDS, MICROSECONDS, TSA_NAME, EXTENSIONS = 0x80, 0x81, 0xA0, 0xA1


class NotATimeStamp(ValueError):
    """The answer holds no token that can be read; says why, in words that hold nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, and what. ``named`` is the DER of issuer and serial number, or empty; ``key_identifier`` stands for it where it
    is. ``digest`` and ``algorithm`` are object identifiers; ``attributes`` maps such to DER values, one each; ``signed`` is the
    bytes that the signature is over.
    """

    named: bytes
    key_identifier: bytes
    digest: bytes
    attributes: Mapping[bytes, bytes]
    signed: bytes
    algorithm: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """``imprint`` is the SHA-256 that was stamped, ``at`` microseconds since 1970, ``content`` the bytes that the signer's
    attributes tell the digest of, ``certificates`` in DER as they came.
    """

    imprint: bytes
    at: int
    nonce: int | None
    content: bytes
    certificates: tuple[bytes, ...]
    signer: Signer


def request(data: bytes, nonce: int) -> bytes:
    """Asks for a token over these bytes, with the certificate that it is to be checked with."""
    algorithm = der.encoded(SEQUENCE, der.encoded(OID, SHA256), der.encoded(der.NULL))
    imprint = der.encoded(SEQUENCE, algorithm, der.encoded(OCTETS, sha256(data).digest()))
    wants_certificate = der.encoded(der.BOOLEAN, b"\xff")
    return der.encoded(SEQUENCE, der.encoded_integer(1), imprint, der.encoded_integer(nonce), wants_certificate)


def read_answer(answer: bytes) -> Token:
    """Raises NotATimeStamp, and nothing else, for a refusal and for whatever is in another form."""
    if len(answer) > LARGEST_ANSWER:
        raise NotATimeStamp("the answer is too large")
    try:
        fields = der.only(answer, SEQUENCE).reader()
        status = fields.take(SEQUENCE).reader().take(INTEGER).content
        if status not in GRANTED:
            raise NotATimeStamp(f"the service refused, with the status {status[:1].hex() or 'none'}")
        token = fields.take(SEQUENCE)
        fields.end()
        return _token(token.reader())
    except BadDer as error:
        raise NotATimeStamp(f"it is in another form than time stamps have: {error}") from error


def _token(info: Reader) -> Token:
    """Of a ContentInfo: signed data, and in it what is said about the time."""
    _require(info.take(OID).content == SIGNED_DATA, "it is not signed")
    signed = der.only(info.take(EXPLICIT).content, SEQUENCE).reader()
    info.end()
    signed.take(INTEGER)
    signed.take(SET)
    about = signed.take(SEQUENCE).reader()
    _require(about.take(OID).content == TST_INFO, "what is signed is no time")
    content = der.only(about.take(EXPLICIT).content, OCTETS).content
    about.end()
    held = signed.take_if(CERTIFICATES)
    signed.take_if(CRLS)
    signer = der.only(signed.take(SET).content, SEQUENCE)  # exactly one
    signed.end()
    certificates = tuple(one.whole for one in held.reader().rest() if one.tag == SEQUENCE) if held else ()
    _require(len(certificates) <= MOST_CERTIFICATES, f"it has more than {MOST_CERTIFICATES} certificates")
    imprint, at, nonce = _told(der.only(content, SEQUENCE).reader())
    return Token(imprint, at, nonce, content, certificates, _signer(signer.reader()))


def _told(info: Reader) -> tuple[bytes, int, int | None]:
    """Of a TSTInfo: imprint, time and nonce."""
    _require(info.take(INTEGER).content == b"\x01", "it is of another version")
    info.take(OID)
    imprint = info.take(SEQUENCE).reader()
    _require(imprint.take(SEQUENCE).reader().take(OID).content == SHA256, "its hash is not SHA-256")
    digest = imprint.take(OCTETS).content
    imprint.end()
    _require(len(digest) == sha256().digest_size, "its hash is not SHA-256")
    info.take(INTEGER)
    at = _moment(info.take(der.GENERALIZED_TIME).content)
    info.take_if(SEQUENCE)  # how accurate it says that it is
    info.take_if(der.BOOLEAN)
    nonce = info.take_if(INTEGER)
    info.take_if(TSA_NAME)
    info.take_if(EXTENSIONS)
    info.end()
    return digest, at, der.integer(nonce) if nonce else None


def _moment(text: bytes) -> int:
    """In microseconds, what is less left out."""
    found = TIME.fullmatch(text)
    _require(found is not None, "its time is in no form that times have")
    try:
        second = datetime.strptime(f"{text[:14].decode()}+0000", "%Y%m%d%H%M%S%z")
    except ValueError as error:
        raise NotATimeStamp("its time is in no form that times have") from error
    return int(second.timestamp()) * 1_000_000 + int(((found and found[1]) or b"0").ljust(6, b"0")[:6])


def _signer(info: Reader) -> Signer:
    info.take(INTEGER)
    who = info.take(SEQUENCE, KEY_IDENTIFIER)
    digest = info.take(SEQUENCE).reader().take(OID).content
    told = info.take(SIGNED_ATTRIBUTES)
    algorithm = info.take(SEQUENCE).reader().take(OID).content
    signature = info.take(OCTETS).content
    info.take_if(UNSIGNED_ATTRIBUTES)
    info.end()
    is_named = who.tag == SEQUENCE
    return Signer(
        named=who.whole if is_named else b"",
        key_identifier=b"" if is_named else who.content,
        digest=digest,
        attributes=_attributes(told),
        signed=der.encoded(SET, told.content),  # as RFC 5652 has it signed: with the tag of a set
        algorithm=algorithm,
        signature=signature,
    )


def _attributes(told: Element) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for one in told.reader().rest():
        fields = one.reader()
        name, values = fields.take(OID).content, fields.take(SET).reader()
        fields.end()
        _require(name not in found, "it says something twice")
        found[name] = values.take().whole
        values.end()
    return found


def _require(is_so: object, why: str) -> None:
    if not is_so:
        raise NotATimeStamp(why)
