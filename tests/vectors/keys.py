"""Whose keys sign the vectors, of which hearing, and when. Fixed words, so that everyone makes the same bytes."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HEARING, OPENED, RECESS, RESUMED, CLOSED = "h_vector", *(f"2026-11-24T01:{m:02}:00Z" for m in (0, 5, 6, 9))


def key(word: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(word.encode()).digest())


def public(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes_raw().hex()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


COURT, OURS, FORGERS = key("court"), key("hearing"), key("forger")
