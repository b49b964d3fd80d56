"""Whether a time stamp is to be believed: whoever signed it is, or was named by, one of the certificates that somebody trusts.

What is asked is RFC 3161's and RFC 5816's: the signature is over what it says and over its signer's certificate, which is for
time stamps and nothing else, and was in force then. Whether a certificate was revoked later is not asked: that needs a network.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Criticality, ExtensionPolicy

from audit.stamps import der
from audit.stamps.der import OCTETS, OID, SEQUENCE, BadDer
from audit.stamps.tokens import SHA256, TST_INFO, NotATimeStamp, Signer, Token, read_answer

Hash = hashes.SHA1 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512
Kind = TypeVar("Kind", bound=x509.ExtensionType)

CONTENT_TYPE: Final = der.oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST: Final = der.oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE: Final = der.oid("1.2.840.113549.1.9.16.2.12")  # by SHA-1, and still what services write
SIGNING_CERTIFICATE_V2: Final = der.oid("1.2.840.113549.1.9.16.2.47")
DIGESTS: Final[dict[bytes, Hash]] = {
    SHA256: hashes.SHA256(),
    der.oid("2.16.840.1.101.3.4.2.2"): hashes.SHA384(),
    der.oid("2.16.840.1.101.3.4.2.3"): hashes.SHA512(),
}
RSA: Final = der.oid("1.2.840.113549.1.1.1")  # with the hash that the signer names
RSA_PSS: Final = der.oid("1.2.840.113549.1.1.10")
RSA_WITH: Final = {der.oid(f"1.2.840.113549.1.1.{n}"): digest for n, digest in zip((11, 12, 13), DIGESTS.values(), strict=True)}
ECDSA_WITH: Final = {der.oid(f"1.2.840.10045.4.3.{n}"): digest for n, digest in zip((2, 3, 4), DIGESTS.values(), strict=True)}
LEAST_RSA_BITS: Final = 2048
CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
# What is raised for a certificate that can't be read: at once, or when one asks for a part of it.
UNREADABLE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
DEEPEST: Final = 4  # certificates between the one that signed and one that is trusted
NAMED_BY: Final = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
LONGEST_NAME: Final = 200


class NotTrusted(ValueError):
    """The time stamp is not to be believed; says why, in words that hold nothing of it."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """Who says so, by the name in the certificate, and when it was: microseconds since 1970."""

    by: str
    at: int


def read_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Those in a file of PEM. Raises ValueError where there is none, or one that can't be read."""
    return tuple(x509.load_pem_x509_certificates(pem))


def verify(answer: bytes, data: bytes, trusted: Sequence[x509.Certificate], *, nonce: int | None = None) -> TimeStamp:
    """The time at which a service had these bytes before it. Raises NotATimeStamp or NotTrusted, and nothing else.

    ``trusted`` are certificates of services, or of authorities that name such; ``nonce`` is what was asked with.
    """
    token = read_answer(answer)
    _require(token.imprint == sha256(data).digest(), "it is about something else")
    _require(nonce is None or token.nonce == nonce, "it is the answer to another request")
    try:
        certificate = _signers_certificate(token, trusted)
        _require_words(token, certificate)
        _require_signature(token.signer, certificate)
        _require_trust(certificate, token, trusted)
        return TimeStamp(_name(certificate), token.at)
    except NotTrusted:
        raise
    except BadDer as error:
        raise NotATimeStamp(f"it is in another form than time stamps have: {error}") from error
    except UNREADABLE as error:
        raise NotTrusted("a certificate of it is in no form that can be used") from error


def _signers_certificate(token: Token, trusted: Sequence[x509.Certificate]) -> x509.Certificate:
    named, identifier = token.signer.named, token.signer.key_identifier
    for one in (*_loaded(token.certificates), *trusted):
        if (named and _named(one) == named) or (identifier and _identifier(one) == identifier):
            return one
    raise NotTrusted("the certificate that it was signed with is neither in it nor among those that are trusted")


def _loaded(certificates: Sequence[bytes]) -> list[x509.Certificate]:
    """Those that can be read: others will not be missed, or will be."""
    found = []
    for data in certificates:
        with suppress(*UNREADABLE):
            found.append(x509.load_der_x509_certificate(data))
    return found


def _named(certificate: x509.Certificate) -> bytes:
    """Issuer and serial number as a signer is named, byte for byte as the certificate has them."""
    fields = der.only(certificate.tbs_certificate_bytes, SEQUENCE).reader()
    fields.take_if(der.EXPLICIT)  # the version
    serial = fields.take(der.INTEGER)
    fields.take(SEQUENCE)
    return der.encoded(SEQUENCE, fields.take(SEQUENCE).whole, serial.whole)


def _identifier(certificate: x509.Certificate) -> bytes:
    found = _extension(certificate, x509.SubjectKeyIdentifier)
    return found.value.digest if found else b""


def _require_words(token: Token, certificate: x509.Certificate) -> None:
    """What was signed says that it is about this content, and by this certificate."""
    told, digest = token.signer.attributes, DIGESTS.get(token.signer.digest)
    if digest is None:
        raise NotTrusted("it is hashed in a way that is not known here")
    _require(told.get(CONTENT_TYPE) == der.encoded(OID, TST_INFO), "what is signed is no time")
    _require(told.get(MESSAGE_DIGEST) == der.encoded(OCTETS, _digest(digest, token.content)), "what it says was changed")
    names = [name for name in (SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2) if name in told]
    _require(
        names and all(_is_first(told[name], certificate, by=_default_digest(name)) for name in names),
        "what was signed names another certificate than the one that it was signed with",
    )


def _default_digest(name: bytes) -> Hash:
    return hashes.SHA1() if name == SIGNING_CERTIFICATE else hashes.SHA256()  # noqa: S303 - by the attribute's definition


def _is_first(said: bytes, certificate: x509.Certificate, *, by: Hash) -> bool:
    """Whether the first certificate that such an attribute names, which is that of whoever signed, is this one."""
    first = der.only(said, SEQUENCE).reader().take(SEQUENCE).reader().take(SEQUENCE).reader()
    named = first.take_if(SEQUENCE) if isinstance(by, hashes.SHA256) else None  # only the later attribute names a hash
    digest = DIGESTS.get(named.reader().take(OID).content) if named else by
    return digest is not None and first.take(OCTETS).content == certificate.fingerprint(digest)


def _require_signature(signer: Signer, certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    digest = {RSA: DIGESTS[signer.digest], RSA_PSS: DIGESTS[signer.digest], **RSA_WITH, **ECDSA_WITH}.get(signer.algorithm)
    try:
        if isinstance(key, rsa.RSAPublicKey) and digest and signer.algorithm not in ECDSA_WITH and key.key_size >= LEAST_RSA_BITS:
            is_pss = signer.algorithm == RSA_PSS
            how = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO) if is_pss else padding.PKCS1v15()
            key.verify(signer.signature, signer.signed, how, digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and signer.algorithm in ECDSA_WITH and isinstance(key.curve, CURVES):
            key.verify(signer.signature, signer.signed, ec.ECDSA(ECDSA_WITH[signer.algorithm]))
        else:
            raise NotTrusted("it is signed in a way that is not known here")
    except InvalidSignature as error:
        raise NotTrusted("its signature is false") from error


def _require_trust(certificate: x509.Certificate, token: Token, trusted: Sequence[x509.Certificate]) -> None:
    """It is for time stamps alone, was in force then, and is trusted or leads to one that is."""
    at = datetime.fromtimestamp(token.at // 1_000_000, UTC)
    use = _extension(certificate, x509.ExtendedKeyUsage)
    is_for_times = use is not None and use.critical and list(use.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    basic, key_use = _extension(certificate, x509.BasicConstraints), _extension(certificate, x509.KeyUsage)
    may_sign = key_use is None or key_use.value.digital_signature or key_use.value.content_commitment
    _require(
        is_for_times and may_sign and not (basic and basic.value.ca), "its signer's certificate is not for time stamps alone"
    )
    in_force = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    _require(in_force, "its signer's certificate was not in force at the time that it says")
    if certificate in trusted:
        return
    others = [one for one in _loaded(token.certificates) if one != certificate]
    builder = verification.PolicyBuilder().store(verification.Store(list(trusted))).time(at).max_chain_depth(DEEPEST)
    builder = builder.extension_policies(ca_policy=AUTHORITY, ee_policy=ExtensionPolicy.permit_all())
    try:
        builder.build_client_verifier().verify(certificate, others)
    except verification.VerificationError as error:
        raise NotTrusted(
            "its signer's certificate does not lead to one that is trusted, in force at the time that it says"
        ) from error


def _require(is_so: object, why: str) -> None:
    if not is_so:
        raise NotTrusted(why)


def _extension(certificate: x509.Certificate, kind: type[Kind]) -> x509.Extension[Kind] | None:
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def _digest(how: Hash, data: bytes) -> bytes:
    made = hashes.Hash(how)
    made.update(data)
    return made.finalize()


def _name(certificate: x509.Certificate) -> str:
    """As people call it: its common name, otherwise its organisation, otherwise all of its name."""
    named = [one for kind in NAMED_BY for one in certificate.subject.get_attributes_for_oid(kind)]
    name = str(named[0].value) if named else certificate.subject.rfc4514_string()
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name[:LONGEST_NAME]) or "nobody"


# As for the web, but for what authorities of time stamps have otherwise: policies that are critical, a use that is time stamping.
AUTHORITY: Final = (
    ExtensionPolicy.webpki_defaults_ca()
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
    .may_be_present(x509.CertificatePolicies, Criticality.AGNOSTIC, None)
)
