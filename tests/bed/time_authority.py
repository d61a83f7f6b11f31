"""A timestamp authority of our own: openssl makes its keys and its answers, aiohttp serves them."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

_CONFIG = """
[tsa]
default_tsa = tsa_here
[tsa_here]
serial = {home}/serial
signer_cert = {home}/tsa.pem
certs = {home}/ca.pem
signer_key = {home}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[tsa_extensions]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""


class ToyAuthority:
    """Answers as RFC 3161 says while `is_there`; `ca` is the certificate that vouches for it."""

    def __init__(self, home: Path) -> None:
        self.home, self.ca = home, home / "ca.pem"
        self.is_there = True
        self.asked = 0
        self.spoil: bytes | None = None
        """What to answer instead."""
        self.refused = asyncio.Event()

    def make_keys(self) -> None:
        self.home.mkdir()
        (self.home / "tsa.cnf").write_text(_CONFIG.format(home=self.home))
        (self.home / "serial").write_text("01\n")
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
                      "-subj", "/CN=Toy CA", "-days", "2")  # fmt: skip
        self._openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
                      "-subj", "/CN=Toy time", "-config", "tsa.cnf")  # fmt: skip
        self._openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-out", "tsa.pem", "-days", "2", "-extfile", "tsa.cnf",
                      "-extensions", "tsa_extensions")  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        """The TimeStampResp of `openssl ts`."""
        (self.home / "query.tsq").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr")
        return (self.home / "answer.tsr").read_bytes()

    def vouches_for(self, token: bytes, statement: bytes) -> bool:
        """What a stranger does: `openssl ts -verify`."""
        (self.home / "token").write_bytes(token)
        (self.home / "statement").write_bytes(statement)
        command = ["ts", "-verify", "-data", "statement", "-in", "token", "-token_in", "-CAfile", "ca.pem"]
        return subprocess.run(["openssl", *command], cwd=self.home, capture_output=True, check=False).returncode == 0

    async def serve(self, request: web.Request) -> web.Response:
        self.asked += 1
        if not self.is_there:
            self.refused.set()
            raise web.HTTPServiceUnavailable
        assert request.content_type == "application/timestamp-query"
        content = self.spoil or await asyncio.to_thread(self.answer, await request.read())
        return web.Response(body=content, content_type="application/timestamp-reply")

    def _openssl(self, *arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], cwd=self.home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@asynccontextmanager
async def toy_authority(home: Path) -> AsyncIterator[tuple[ToyAuthority, str]]:
    """An authority, and the address at which it answers."""
    authority = ToyAuthority(home)
    await asyncio.to_thread(authority.make_keys)
    app = web.Application()
    app.router.add_post("/", authority.serve)
    async with TestServer(app) as server:
        yield authority, str(server.make_url("/"))
