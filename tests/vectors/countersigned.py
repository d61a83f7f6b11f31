"""Vectors of what is added after the seal: a confirmation, a refusal, and a signature by each kind of key."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloudcourt.domain.countersignature import countersigned_message
from cloudcourt.domain.evidence import canonical
from cloudcourt.domain.ids import HearingId, ParticipantId
from tests.vectors.keys import CLOSED, COURT, HEARING, key, public, sha256

SIGNED_AT = "2026-11-24T01:10:00.000Z"


def countersigned(seal: bytes) -> bytes:
    """`countersignatures.jsonl`: a confirmation, a refusal, and a signature by each kind of key."""
    statement = json.loads(seal)["statement"]
    value = sha256(canonical(statement))
    acts: list[dict[str, Any]] = [
        {"kind": "confirmed", "participant": "p_judge"},
        {"kind": "refused", "participant": "p_a", "noted_by": "p_judge", "reason": "需先核对"},
        {"kind": "signed", "participant": "p_a", **signature_of("p_a", value)},
        {"kind": "signed", "participant": "p_b", **signature_by_p256("p_b", value)},
    ]
    written, previous = b"", "0" * 64
    for number, act in enumerate(acts, start=1):
        common = {"means": "cloudcourt-after-seal/1", "n": number, "previous": previous, "at": CLOSED}
        line = _after_seal({**common, "hearing": HEARING, "seal": value, **act})
        written, previous = written + line + b"\n", sha256(line)
    return written


def _after_seal(entry: dict[str, Any]) -> bytes:
    return canonical({"court_signature": COURT.sign(canonical(entry)).hex(), "entry": entry})


def _signed_message(participant: str, value: str) -> bytes:
    return countersigned_message(HearingId(HEARING), ParticipantId(participant), value, SIGNED_AT)


def signature_of(participant: str, value: str) -> dict[str, str]:
    own = key(participant)
    signature = own.sign(_signed_message(participant, value)).hex()
    return {"algorithm": "Ed25519", "public_key": public(own), "signature": signature, "signed_at": SIGNED_AT}


def signature_by_p256(participant: str, value: str) -> dict[str, str]:
    """With a nonce that comes from fixed words too: no other signer may do so."""
    order = 2**256 - 2**224 + 2**192 - 0x4319055258E8617B0C46353D039CDAAF
    secret, nonce = (int(sha256(f"{participant} {word}".encode()), 16) % order for word in ("secret", "nonce"))
    own, point = (derive_private_key(number, SECP256R1()).public_key() for number in (secret, nonce))
    r = point.public_numbers().x % order
    s = pow(nonce, -1, order) * (int(sha256(_signed_message(participant, value)), 16) + r * secret) % order
    told = own.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    return {"algorithm": "ES256", "public_key": told, "signature": f"{r:064x}{s:064x}", "signed_at": SIGNED_AT}


def stolen(lines: list[bytes]) -> bytes:
    """The fourth entry, signed by the court, but with the signature that another person gave."""
    entry, other = (json.loads(lines[at])["entry"] for at in (3, 2))
    entry |= {name: other[name] for name in ("algorithm", "public_key", "signature", "signed_at")}
    return _after_seal(entry) + b"\n"
