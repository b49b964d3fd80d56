"""What a document of a contract can be. The values are stored; never change one. Pure."""

from enum import StrEnum


class DocumentKind(StrEnum):
    SIGNED_COPY = "signed_copy"
    INSURANCE = "insurance"
    LETTER_OF_ASSURANCE = "letter_of_assurance"
    RISK_ASSESSMENT = "risk_assessment"
    DATA_AGREEMENT = "data_agreement"
    PROOF_OF_SENDING = "proof_of_sending"
    VARIATION = "variation"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    DocumentKind.SIGNED_COPY: "Signed copy",
    DocumentKind.INSURANCE: "Insurance certificate",
    DocumentKind.LETTER_OF_ASSURANCE: "Letter of assurance",
    DocumentKind.RISK_ASSESSMENT: "Risk assessment",
    DocumentKind.DATA_AGREEMENT: "Data-protection agreement",
    DocumentKind.PROOF_OF_SENDING: "Proof that a letter was sent",
    DocumentKind.VARIATION: "Agreed variation",
    DocumentKind.OTHER: "Something else",
}
