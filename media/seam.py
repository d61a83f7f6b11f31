"""The one file that knows the insides of aiortc, aioice and pylibsrtp: a browser's DTLS, and libsrtp in place.

aiortc makes certificates and does the DTLS handshake; it sees no media packet, owns no socket and does no ICE. libsrtp
works in place on two buffers. Exact versions only: `tests/contract/test_seam.py` holds one assertion per private name.
"""

import asyncio
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, NamedTuple, Protocol, cast

import pylibsrtp
import structlog
from aioice import ice
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcicetransport import RTCIceTransport

log = structlog.get_logger()

EXACT_VERSIONS = {"aiortc": "1.16.0", "aioice": "0.13.0", "pylibsrtp": "1.0.0"}
CERTIFICATE_S = 7 * 24 * 3600
"""When we take a new certificate; aiortc's are good for 30 days."""
MAX_DATAGRAM = 2048
MAX_DTLS_BACKLOG = 64
SRTP_TRAILER_BYTES = 16 + 128


def check_versions(found: Callable[[str], str] = version) -> None:
    """Refuse to run on a library whose insides we haven't read. Raises RuntimeError."""
    for name, wanted in EXACT_VERSIONS.items():
        if (present := found(name)) != wanted:
            raise RuntimeError(f"the media seam needs {name} {wanted}, found {present}")


check_versions()


class SrtpDesk(Protocol):
    """SRTP in place on two buffers that a whole process shares; nothing here awaits.

    The four functions take a key, a buffer and `length`, a cell that holds the packet's size before and after;
    they return 0, or a reason not to use the packet (RFC 3711).
    """

    received: Any
    received_view: memoryview
    sent: Any
    sent_view: memoryview
    length: Any
    protect: Callable[[Any, Any, Any], int]
    unprotect: Callable[[Any, Any, Any], int]
    protect_rtcp: Callable[[Any, Any, Any], int]
    unprotect_rtcp: Callable[[Any, Any, Any], int]

    def key_of(self, session: Any) -> Any:
        """What the four functions take for a pylibsrtp session."""
        ...


class BorrowedDesk:
    """libsrtp's own functions, borrowed from pylibsrtp's binding: no copy and no object per packet."""

    def __init__(self) -> None:
        from pylibsrtp import _binding

        ffi, lib = _binding.ffi, _binding.lib
        self.received = ffi.new("char[]", MAX_DATAGRAM)
        self.received_view = memoryview(ffi.buffer(self.received))
        self.sent = ffi.new("char[]", MAX_DATAGRAM)
        self.sent_view = memoryview(ffi.buffer(self.sent))
        self.length = ffi.new("int *")
        self.protect, self.protect_rtcp = lib.srtp_protect, lib.srtp_protect_rtcp
        self.unprotect, self.unprotect_rtcp = lib.srtp_unprotect, lib.srtp_unprotect_rtcp

    def key_of(self, session: Any) -> Any:
        return session._srtp[0]


class PublicDesk:
    """The same by pylibsrtp's public interface: about 1 us more per call, and no private name."""

    def __init__(self) -> None:
        self.received = bytearray(MAX_DATAGRAM)
        self.received_view = memoryview(self.received)
        self.sent = bytearray(MAX_DATAGRAM)
        self.sent_view = memoryview(self.sent)
        self.length = [0]
        self.protect, self.protect_rtcp = self._by("protect"), self._by("protect_rtcp")
        self.unprotect, self.unprotect_rtcp = self._by("unprotect"), self._by("unprotect_rtcp")

    def key_of(self, session: Any) -> Any:
        return session

    def _by(self, name: str) -> Callable[[Any, Any, Any], int]:
        def work(session: Any, buffer: bytearray, length: list[int]) -> int:
            try:
                result = getattr(session, name)(bytes(buffer[: length[0]]))
            except (pylibsrtp.Error, ValueError):
                return 1
            length[0] = len(result)
            buffer[: length[0]] = result
            return 0

        return work


def make_desk() -> SrtpDesk:
    """The fast desk; the public one where pylibsrtp's insides are not as we know them."""
    try:
        return BorrowedDesk()
    except (ImportError, AttributeError):
        log.warning("pylibsrtp's binding is not as expected: using its public interface")
        return PublicDesk()


class SrtpKeys(NamedTuple):
    """What DTLS agreed on: pylibsrtp sessions for what comes and what goes, and the profile's name (RFC 5764)."""

    receive: Any
    send: Any
    profile: str


class HandshakeFailed(Exception):
    """The DTLS handshake came to nothing, or the browser is not who its offer said."""


class _DatagramPipe:
    """Stands where aiortc expects its ICE transport: datagrams in a queue, datagrams out by a call."""

    role = "controlled"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._out = send
        self._in: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_DTLS_BACKLOG)

    def put(self, datagram: bytes) -> bool:
        if self._in.full():
            return False
        self._in.put_nowait(datagram)
        return True

    def end(self) -> None:
        while self._in.full():
            self._in.get_nowait()
        self._in.put_nowait(None)

    async def _recv(self) -> bytes:
        datagram = await self._in.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._out(datagram)


class DtlsLine:
    """One browser's DTLS association. `closed` is called once if the browser ends it."""

    def __init__(self, certificate: RTCCertificate, send: Callable[[bytes], None], closed: Callable[[], None]) -> None:
        self._pipe = _DatagramPipe(send)
        self._closed = closed
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, self._pipe), [certificate])

    def feed(self, datagram: bytes) -> bool:
        """Take a DTLS record that arrived. False when too many wait already."""
        return self._pipe.put(datagram)

    async def shake_hands(self, fingerprints: tuple[tuple[str, str], ...], *, we_start: bool) -> SrtpKeys:
        """Raises HandshakeFailed."""
        self._dtls._set_role("client" if we_start else "server")
        prints = [RTCDtlsFingerprint(*fingerprint) for fingerprint in fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=prints))
        if self._dtls.state != "connected":
            raise HandshakeFailed
        self._dtls.on("statechange", self._changed)
        tls = self._dtls._ssl
        profile = b"" if tls is None else tls.get_selected_srtp_profile()
        return SrtpKeys(self._dtls._rx_srtp, self._dtls._tx_srtp, profile.decode())

    def _changed(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self._closed()

    async def close(self) -> None:
        """Say goodbye and end the pump. Idempotent; never raises."""
        self._dtls.remove_all_listeners()
        pump = self._dtls._task
        try:
            await self._dtls.stop()
        except Exception:
            log.warning("DTLS did not close cleanly", exc_info=True)
        self._pipe.end()
        if pump is not None:
            await asyncio.wait([pump])


class Identity:
    """The certificate that we show, renewed now and then."""

    def __init__(self) -> None:
        self._renew_at_s = 0.0
        self.current()

    def current(self) -> tuple[RTCCertificate, str]:
        """The certificate, and its SHA-256 fingerprint."""
        if time.monotonic() > self._renew_at_s:
            self._certificate = RTCCertificate.generateCertificate()
            prints = self._certificate.getFingerprints()
            self._fingerprint = next(f.value for f in prints if f.algorithm == "sha-256")
            self._renew_at_s = time.monotonic() + CERTIFICATE_S
        return self._certificate, self._fingerprint


def host_addresses() -> list[str]:
    """All of this machine's addresses, loopback left out."""
    return list(ice.get_host_addresses(use_ipv4=True, use_ipv6=True))
