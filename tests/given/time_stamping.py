"""A time-stamping service for tests, written from RFC 3161, 5652 and 5816 alone: its certificates, answers and address."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1, sha256, sha512
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW: Final = datetime.now(UTC).replace(microsecond=0)
YEAR: Final = timedelta(days=365)
OIDS: Final = {  # as RFC 8017, 5758, 5652, 2634 and 5035 have them
    "sha256": "0609608648016503040201",
    "sha512": "0609608648016503040203",
    "ecdsa": "06082a8648ce3d040302",
    "rsa": "06092a864886f70d010101",
    "pss": "06092a864886f70d01010a",
    "signed data": "06092a864886f70d010702",
    "time": "060b2a864886f70d0109100104",
    "content type": "06092a864886f70d010903",
    "message digest": "06092a864886f70d010904",
    "certificate": "060b2a864886f70d010910020c",
    "certificate v2": "060b2a864886f70d010910022f",
    "policy": "06032a0304",
}


def tlv(tag: int, *contents: bytes) -> bytes:
    """One element of DER."""
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x81" + bytes([size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def oid(name: str) -> bytes:
    return bytes.fromhex(OIDS[name])


def number(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Wanted:
    """What kind of certificate: by default one for time stamps and nothing else, in force for a year around now."""

    begins: timedelta = -YEAR
    ends: timedelta = YEAR
    uses: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,)
    is_critical: bool = True
    is_authority: bool = False
    signs: bool | None = None  # what the use of its key says; None: whoever is no authority signs
    key: str = "ec"  # ec, rsa, short; or odd, on a curve that is not taken


@cache
def new_key(kind: str, _: str) -> Any:
    if kind in ("ec", "odd"):
        return ec.generate_private_key(ec.SECP256R1() if kind == "ec" else ec.SECP256K1())
    return rsa.generate_private_key(65537, 1024 if kind == "short" else 2048)


def certified(name: str, by: Holder | None = None, wanted: Wanted | None = None) -> Holder:
    """``by`` None: an authority of its own."""
    wanted = wanted or Wanted(uses=(), is_authority=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    key = new_key(wanted.key, name)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(by.certificate.subject if by else subject)
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(NOW + wanted.begins).not_valid_after(NOW + wanted.ends)
    made = made.add_extension(x509.BasicConstraints(ca=wanted.is_authority, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    may_sign = not wanted.is_authority if wanted.signs is None else wanted.signs
    signs = {"digital_signature": may_sign, "key_cert_sign": wanted.is_authority, "crl_sign": wanted.is_authority}
    made = made.add_extension(x509.KeyUsage(**usage, **signs), critical=True)
    if wanted.uses:
        made = made.add_extension(x509.ExtendedKeyUsage(wanted.uses), critical=wanted.is_critical)
    if by:
        made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
    signer = by.key if by else key
    return Holder(made.sign(signer, hashes.SHA256()), key)


@dataclass(frozen=True)
class Service:
    """Answers with what ``signer`` signs. Everything else is what it does wrong, or otherwise than usual."""

    signer: Holder
    chain: tuple[Holder, ...] = ()
    at: Callable[[], datetime] = lambda: datetime.now(UTC)
    status: int = 0
    nonce: int | None = None  # instead of the one that was asked with
    imprint: bytes = b""  # instead of the one that was asked about
    how: str = "ecdsa"
    attribute: str = "certificate v2"  # by which what is signed names its signer
    named: Holder | None = None  # whom what is signed names as the signer
    content: str = "time"  # what its attribute says that is signed
    moment: str = "%Y%m%d%H%M%SZ"
    sends_certificate: bool = True
    changed: Callable[[bytes], bytes] = field(default=lambda answer: answer)

    def answer(self, request: bytes) -> bytes:
        """To a request of the one form that Vouch writes: the imprint's 32 bytes begin at the 25th."""
        if self.status > 1:
            return tlv(0x30, tlv(0x30, number(self.status), tlv(0x30, tlv(0x0C, b"no"))))
        assert request[5:24] == bytes.fromhex("3031300d060960864801650304020105000420")
        imprint = self.imprint or request[24:56]
        assert request[56] == 2
        nonce = request[56 : 58 + request[57]]
        assert request[58 + request[57] :] == b"\x01\x01\xff"
        asked = tlv(0x30, tlv(0x30, oid("sha256"), tlv(5)), tlv(4, imprint))
        moment = self.at().strftime(self.moment)
        told = nonce if self.nonce is None else number(self.nonce)
        info = tlv(0x30, number(1), oid("policy"), asked, number(7), tlv(0x18, moment.encode()), tlv(0x30, number(1)), told)
        return self.changed(tlv(0x30, tlv(0x30, number(self.status)), self._signed(info)))

    def _signed(self, info: bytes) -> bytes:
        digest = sha512 if self.how == "rsa" else sha256
        named = (self.named or self.signer).der
        of_signer = sha1 if self.attribute == "certificate" else sha256
        known = tlv(0x30, tlv(4, of_signer(named).digest()))
        attributes = sorted(
            [
                tlv(0x30, oid("content type"), tlv(0x31, oid(self.content))),
                tlv(0x30, oid("message digest"), tlv(0x31, tlv(4, digest(info).digest()))),
                *([tlv(0x30, oid(self.attribute), tlv(0x31, tlv(0x30, tlv(0x30, known))))] if self.attribute else []),
            ]
        )
        signature = self._signature(tlv(0x31, *attributes))
        issuer, serial = self.signer.certificate.issuer.public_bytes(), number(self.signer.certificate.serial_number)
        hashed = tlv(0x30, oid("sha512" if self.how == "rsa" else "sha256"), tlv(5))
        signer = tlv(
            0x30,
            number(1),
            tlv(0x30, issuer, serial),
            hashed,
            tlv(0xA0, *attributes),
            tlv(0x30, oid(self.how)),
            tlv(4, signature),
        )
        certificates = [one.der for one in (*self.chain, self.signer)] if self.sends_certificate else []
        held = tlv(0xA0, *certificates) if certificates else b""
        content = tlv(0x30, oid("time"), tlv(0xA0, tlv(4, info)))
        return tlv(0x30, oid("signed data"), tlv(0xA0, tlv(0x30, number(3), tlv(0x31, hashed), content, held, tlv(0x31, signer))))

    def _signature(self, data: bytes) -> bytes:
        key = self.signer.key
        if self.how == "ecdsa":
            made: bytes = key.sign(data, ec.ECDSA(hashes.SHA256()))
        elif self.how == "pss":
            made = key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        else:
            made = key.sign(data, padding.PKCS1v15(), hashes.SHA512())
        return made


@cache
def root() -> Holder:
    return certified("Root of Time")


@cache
def other_root() -> Holder:
    return certified("Root of Nobody")


@cache
def service() -> Service:
    """One that nothing is wrong with."""
    return Service(certified("Oak Time Stamps", root(), Wanted()))


def signed_by(wanted: Wanted, by: Holder | None = None, **more: Any) -> Service:
    return replace(service(), signer=certified("Oak Time Stamps", by or root(), wanted), **more)


@asynccontextmanager
async def at_an_address(answer: Callable[[bytes], bytes]) -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a service that answers so, over HTTP, and the heads of the requests that it got."""
    heads: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        said = answer(await reader.readexactly(length))
        with suppress(ConnectionError):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n")
            writer.write(f"Content-Length: {len(said)}\r\n\r\n".encode() + said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tsr", heads
