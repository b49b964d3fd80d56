"""A time stamp is believed where RFC 3161 says so and somebody trusts whoever gave it, and never otherwise."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from audit.stamps import der, tokens, trust
from audit.stamps.der import BadDer, Reader
from audit.stamps.tokens import NotATimeStamp
from audit.stamps.trust import NotTrusted
from tests.given.checkout import ROOT
from tests.given.time_stamping import (
    YEAR,
    Service,
    Wanted,
    certified,
    number,
    oid,
    other_root,
    root,
    service,
    signed_by,
    tlv,
)

pytestmark = pytest.mark.pure

NOTE = "vouch.example/trail/1\n3\nabc=\n\n— vouch.example AAAA\n".encode()
NONCE = 2**62 + 5
BY_OPENSSL = ROOT / "tests" / "data" / "time_stamps"


def verified(
    giver: Service, *, note: bytes = NOTE, asked_about: bytes = NOTE, nonce: int | None = NONCE, by: bytes | None = None
) -> trust.TimeStamp:
    """What is made of its answer to somebody who trusts the certificates ``by``, or the root."""
    answer = giver.answer(tokens.request(asked_about, NONCE))
    return trust.verify(answer, note, trust.read_certificates(by or root().pem), nonce=nonce)


def why_not(giver: Service, *, by: bytes | None = None, note: bytes = NOTE) -> str:
    with pytest.raises((NotTrusted, NotATimeStamp)) as refused:
        verified(giver, by=by, note=note)
    return str(refused.value)


class TestOneThatIsRight:
    def test_says_who_gave_it_and_when(self) -> None:
        at = datetime(2026, 11, 4, 9, 30, 5, tzinfo=UTC)
        stamp = verified(replace(service(), at=lambda: at, moment="%Y%m%d%H%M%S.25Z"))
        assert stamp == trust.TimeStamp("Oak Time Stamps", int(at.timestamp()) * 1_000_000 + 250_000)

    @pytest.mark.parametrize(("key", "how"), [("ec", "ecdsa"), ("rsa", "rsa"), ("rsa", "pss")])
    @pytest.mark.parametrize("attribute", ["certificate", "certificate v2"])
    def test_may_be_signed_in_each_of_the_usual_ways(self, key: str, how: str, attribute: str) -> None:
        assert verified(signed_by(Wanted(key=key), how=how, attribute=attribute)).by == "Oak Time Stamps"

    def test_may_be_granted_with_changes(self) -> None:
        assert verified(replace(service(), status=1)).by

    def test_is_believed_by_whoever_trusts_the_service_itself(self) -> None:
        assert verified(service(), by=service().signer.pem).by
        assert verified(replace(service(), sends_certificate=False), by=service().signer.pem).by

    def test_is_believed_through_an_authority_in_between_that_it_brings(self) -> None:
        between = certified("Between", root(), Wanted(is_authority=True))
        assert verified(signed_by(Wanted(), between, chain=(between,))).by
        assert "does not lead to one that is trusted" in why_not(signed_by(Wanted(), between))

    def test_stays_right_when_the_certificate_has_run_out(self) -> None:
        then = datetime.now(UTC) - 3 * YEAR
        old = certified("Root of Then", None, Wanted(begins=-5 * YEAR, ends=-YEAR, uses=(), is_authority=True))
        giver = signed_by(Wanted(begins=-4 * YEAR, ends=-2 * YEAR), old, at=lambda: then)
        assert verified(giver, by=old.pem).by

    @pytest.mark.parametrize("name", ["ec.tsr", "rsa.tsr", "old.tsr"])
    def test_one_made_by_openssl_is_right(self, name: str) -> None:
        """From `openssl ts -reply`: by an elliptic curve, by RSA, and with the attribute of 1999."""
        answer, note = (BY_OPENSSL / name).read_bytes(), (BY_OPENSSL / "note").read_bytes()
        stamp = trust.verify(answer, note, trust.read_certificates((BY_OPENSSL / "root.pem").read_bytes()))
        assert stamp.by.startswith("Time ")
        assert datetime.fromtimestamp(stamp.at / 1_000_000, UTC).date().isoformat() == "2026-11-29"


class TestOneThatIsNot:
    def test_about_another_note(self) -> None:
        assert why_not(service(), note=b"another") == "it is about something else"
        assert why_not(replace(service(), imprint=sha256(b"another").digest())) == "it is about something else"

    def test_to_another_request(self) -> None:
        assert why_not(replace(service(), nonce=NONCE + 1)) == "it is the answer to another request"
        assert verified(replace(service(), nonce=NONCE + 1), nonce=None).by  # whoever checks a pack did not ask

    def test_refused_by_the_service(self) -> None:
        assert why_not(replace(service(), status=2)) == "the service refused, with the status 02"

    def test_by_somebody_who_is_not_trusted(self) -> None:
        assert "does not lead to one that is trusted" in why_not(service(), by=other_root().pem)
        assert "does not lead to one that is trusted" in why_not(signed_by(Wanted(), other_root(), chain=(other_root(),)))
        assert "neither in it nor among" in why_not(replace(service(), sends_certificate=False))

    @pytest.mark.parametrize(
        "wanted",
        [
            Wanted(uses=()),
            Wanted(uses=(ExtendedKeyUsageOID.SERVER_AUTH,)),
            Wanted(uses=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH)),
            Wanted(is_critical=False),
            Wanted(is_authority=True),
            Wanted(is_authority=True, signs=True),
            Wanted(signs=False),
        ],
    )
    def test_by_a_certificate_that_is_not_for_time_stamps_alone(self, wanted: Wanted) -> None:
        giver = signed_by(wanted)
        assert why_not(giver) == "its signer's certificate is not for time stamps alone"
        assert why_not(giver, by=giver.signer.pem) == "its signer's certificate is not for time stamps alone"

    def test_by_a_certificate_that_was_not_in_force_then(self) -> None:
        told = "its signer's certificate was not in force at the time that it says"
        for wanted in (Wanted(begins=-2 * YEAR, ends=-YEAR), Wanted(begins=YEAR, ends=2 * YEAR)):
            giver = signed_by(wanted)
            assert why_not(giver) == why_not(giver, by=giver.signer.pem) == told

    def test_by_an_authority_that_was_not_in_force_then(self) -> None:
        over = certified("Root of Then", None, Wanted(begins=-2 * YEAR, ends=-YEAR, uses=(), is_authority=True))
        assert "does not lead to one that is trusted" in why_not(signed_by(Wanted(), over), by=over.pem)

    def test_by_what_is_no_authority(self) -> None:
        leaf = certified("Leaf", root(), Wanted())
        assert "does not lead to one that is trusted" in why_not(signed_by(Wanted(), leaf, chain=(leaf,)))

    def test_whose_signature_is_anothers(self) -> None:
        thief = replace(service().signer, key=certified("Thief", root(), Wanted()).key)
        assert why_not(replace(service(), signer=thief)) == "its signature is false"

    def test_whose_words_do_not_name_its_certificate(self) -> None:
        named = "what was signed names another certificate than the one that it was signed with"
        for attribute in ("certificate", "certificate v2"):
            assert why_not(replace(service(), attribute=attribute, named=root())) == named
        assert why_not(replace(service(), attribute="")) == named

    def test_whose_words_are_about_something_else(self) -> None:
        assert why_not(replace(service(), content="signed data")) == "what is signed is no time"

    def test_by_way_of_more_authorities_than_there_are(self) -> None:
        chain = [root()]
        for n in range(5):
            chain.append(certified(f"Between {n}", chain[-1], Wanted(is_authority=True)))
        assert verified(signed_by(Wanted(), chain[4], chain=tuple(chain[1:5]))).by
        assert "does not lead to one that is trusted" in why_not(signed_by(Wanted(), chain[5], chain=tuple(chain[1:6])))

    @pytest.mark.parametrize("kind", ["signed data", "time"])
    def test_that_is_of_another_kind(self, kind: str) -> None:
        name = oid(kind)
        giver = replace(service(), changed=lambda answer: answer.replace(name, name[:-1] + b"\x09", 1))
        assert why_not(giver) == {"signed data": "it is not signed", "time": "what is signed is no time"}[kind]

    @pytest.mark.parametrize(("key", "how"), [("short", "rsa"), ("odd", "ecdsa")])
    def test_signed_by_a_key_that_is_too_short_or_on_another_curve(self, key: str, how: str) -> None:
        giver = signed_by(Wanted(key=key), how=how)
        assert why_not(giver, by=giver.signer.pem) == "it is signed in a way that is not known here"

    def test_signed_in_a_way_that_its_key_does_not_have(self) -> None:
        def swap(old: str, new: str) -> Callable[[bytes], bytes]:
            return lambda answer: answer.replace(bytes.fromhex(old), bytes.fromhex(new))

        giver = signed_by(Wanted(key="rsa"), how="pss", changed=swap("06092a864886f70d01010a", "06092a864886f70d010104"))
        assert why_not(giver) == "it is signed in a way that is not known here"

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"\x30",
            b"\x30\x80\x00\x00",
            b"\x30\x03\x02\x01\x00",
            tlv(0x30, tlv(0x30, number(0))),
            b"<html>no</html>",
            b"\0" * 70_000,
        ],
    )
    def test_garbage(self, answer: bytes) -> None:
        with pytest.raises(NotATimeStamp):
            trust.verify(answer, NOTE, trust.read_certificates(root().pem))

    def test_more_certificates_than_anybody_needs(self) -> None:
        assert why_not(replace(service(), chain=(root(),) * 10)) == "it has more than 10 certificates"

    @pytest.mark.parametrize(
        "moment", ["%Y1304%H%M%SZ", "%Y%m%d%H%MZ", "%Y%m%d%H%M%S", "%Y%m%d%H%M%S+0100", "%Y%m%d%H%M61Z", "%y%m%d%H%M%SZ"]
    )
    def test_a_time_that_is_none(self, moment: str) -> None:
        assert why_not(replace(service(), moment=moment)) == "its time is in no form that times have"


def test_whatever_is_changed_in_a_token_it_is_refused_or_says_the_same() -> None:
    """A signature covers what it says; what it does not cover is nothing that is believed."""
    answer = replace(service(), at=lambda: datetime(2026, 11, 4, tzinfo=UTC)).answer(tokens.request(NOTE, NONCE))
    trusted = trust.read_certificates(root().pem)
    right, held, chance = trust.verify(answer, NOTE, trusted, nonce=NONCE), 0, random.Random(5)  # noqa: S311 - the same each time
    for _ in range(1_500):
        changed = bytearray(answer)
        at = chance.randrange(len(changed))
        how = chance.randrange(3)
        if how == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del changed[at]
        else:
            changed.insert(at, chance.randrange(256))
        try:
            assert trust.verify(bytes(changed), NOTE, trusted, nonce=NONCE) == right
            held += 1
        except (NotATimeStamp, NotTrusted):
            pass
    assert held < 100


@given(st.binary(max_size=300))
def test_no_bytes_are_read_but_as_der(data: bytes) -> None:
    """What can be read is exactly what writing gives again."""
    try:
        elements = Reader(data).rest()
    except BadDer:
        return
    assert b"".join(der.encoded(one.tag, one.content) for one in elements) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x01\x00",
        b"\x04\x81\x01a",
        b"\x04\x82\x00\x80" + b"a" * 128,
        b"\x04\x80\x00\x00",
        b"\x04\x85\x00\x00\x00\x00\x01a",
        b"\x04\x81",
    ],
)
def test_what_is_no_der_is_not_read(data: bytes) -> None:
    """A tag of two bytes, lengths that could be shorter, are without end, too long or cut off."""
    with pytest.raises(BadDer):
        Reader(data).rest()


@given(st.integers(min_value=-(2**200), max_value=2**200))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    assert der.integer(der.only(der.encoded_integer(value), der.INTEGER)) == value
