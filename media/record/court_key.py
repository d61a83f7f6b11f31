"""The court's own key, and the key of each hearing that it vouches for and keeps wrapped."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cloudcourt.domain.ids import HearingId
from media.record.folders import sync_folder

COURT_KEY = "court.key"
HEARING_KEY = "record.key"
_NONCE_BYTES = 12


class SigningKey:
    """An Ed25519 key (RFC 8032)."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The signature as 128 hex digits."""
        return self._private.sign(message).hex()


class CourtKey(SigningKey):
    """The court's key, and what it does for the hearings' keys."""

    @classmethod
    def at(cls, data_dir: Path) -> "CourtKey":
        """Read `court.key` in the data folder, or make it at the first start. Raises OSError, ValueError."""
        path = data_dir / COURT_KEY
        if not path.exists():
            secret = Ed25519PrivateKey.generate()
            _write_secret(path, secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        private = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError(f"{COURT_KEY} is not an Ed25519 key")
        return cls(private)

    def hearing_key(self, folder: Path, hearing_id: HearingId) -> SigningKey:
        """The hearing's key from `record.key`, made at the first call.

        Raises OSError; ValueError when it does not open.
        """
        path = folder / HEARING_KEY
        if not path.exists():
            secret = Ed25519PrivateKey.generate().private_bytes_raw()
            _write_secret(path, self._wrap(secret, hearing_id))
        return SigningKey(Ed25519PrivateKey.from_private_bytes(self._unwrap(path.read_bytes(), hearing_id)))

    def _wrap(self, secret: bytes, hearing_id: HearingId) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._wrapping_key()).encrypt(nonce, secret, hearing_id.encode())

    def _unwrap(self, wrapped: bytes, hearing_id: HearingId) -> bytes:
        nonce, content = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return AESGCM(self._wrapping_key()).decrypt(nonce, content, hearing_id.encode())
        except (InvalidTag, ValueError):
            raise ValueError(f"{HEARING_KEY} does not open with this court's key") from None

    def _wrapping_key(self) -> bytes:
        derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"cloudcourt hearing keys")
        return derivation.derive(self._private.private_bytes_raw())


def has_hearing_key(folder: Path) -> bool:
    """False before the log was opened, and after the seal."""
    return (folder / HEARING_KEY).exists()


def destroy_hearing_key(folder: Path) -> None:
    """Overwrite and remove the wrapped key: nobody can sign for this hearing any more. Idempotent; raises OSError."""
    path = folder / HEARING_KEY
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    sync_folder(folder)


def _write_secret(path: Path, content: bytes) -> None:
    """For the owner's eyes, durable, and never over another: of two processes that start now, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    sync_folder(path.parent)
