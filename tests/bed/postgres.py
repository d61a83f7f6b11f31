"""A PostgreSQL server of our own: started from Debian's binaries on a private socket, gone afterwards."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "timezone": "Asia/Shanghai",  # not UTC: times must come out right all the same
}


class PostgresServer:
    """A running server; `directory` holds its socket."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._made = 0

    def make_database(self, template: str = "template1") -> str:
        """A new database, by name: a copy of `template`, to which nobody may be connected."""
        self._made += 1
        name = f"court_{self._made}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._administer(statement)
        return name

    def drop_database(self, name: str) -> None:
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._directory}"

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self._directory), user="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server and stop it. Raises FileNotFoundError, naming the package, where PostgreSQL isn't installed."""
    programs = _programs()
    # Not pytest's folder: PostgreSQL refuses root, and its other user couldn't enter there. A short path,
    # because a socket's is at most 107 bytes.
    directory = Path(tempfile.mkdtemp(prefix="court-pg-", dir="/tmp"))
    user = _unprivileged_user()
    if user is not None:
        shutil.chown(directory, user)
    cluster = directory / "cluster"
    settings = " ".join(f"-c {name}={value!r}" for name, value in _SETTINGS.items())
    try:
        _run(user, programs / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C",
             "--no-sync", f"--pgdata={cluster}")  # fmt: skip
        _run(user, programs / "pg_ctl", "start", "--wait", f"--pgdata={cluster}", f"--log={directory / 'log'}",
             f"--options={settings} -k {directory}")  # fmt: skip
        try:
            yield PostgresServer(directory)
        finally:
            # Stops the process that the cluster's own pid file names.
            _run(user, programs / "pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={cluster}")
    finally:
        shutil.rmtree(directory)


def _programs() -> Path:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise FileNotFoundError(
            "these tests need PostgreSQL's server programs in /usr/lib/postgresql: "
            "on Debian or Ubuntu, `apt-get install postgresql`"
        )
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))


def _unprivileged_user() -> str | None:
    """Whom to be instead of root; None when we aren't root."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _run(user: str | None, program: Path, *arguments: str) -> None:
    group = None if user is None else pwd.getpwnam(user).pw_gid
    # A file, because a pipe would be held open by the server that pg_ctl leaves behind.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [program, *arguments],
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        if done.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{program.name} failed with status {done.returncode}: {said.read().decode()}")
