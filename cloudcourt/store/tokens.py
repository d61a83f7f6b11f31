"""Bearer tokens: made once, shown once, stored as a hash."""

import hashlib
import secrets


def new_token() -> str:
    """128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> str:
    """SHA-256 in hex. Without salt: 128 random bits can't be guessed from a table. Takes any text."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
