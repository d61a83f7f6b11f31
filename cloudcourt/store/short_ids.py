"""Random identifiers that people can read aloud and paths can hold."""

import base64
import secrets


def new_id(prefix: str, random_bytes: int = 10) -> str:
    """`{prefix}_` and lower-case base32 of `random_bytes` (a multiple of 5): 16 characters for 10 bytes."""
    return f"{prefix}_{base64.b32encode(secrets.token_bytes(random_bytes)).decode().lower()}"


def may_be_id(text: str) -> bool:
    """False for text from an address bar that a database would choke on rather than not find."""
    return text.isascii() and text.isprintable()
