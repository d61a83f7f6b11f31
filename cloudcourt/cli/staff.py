"""`cloudcourt staff add`: an account for the clerk's desk."""

import argparse
import asyncio
import getpass
import sys

from cloudcourt.app import open_store
from cloudcourt.domain.ports import StaffMember
from cloudcourt.observability.clock import SystemClock
from cloudcourt.settings import Settings


def run_add(options: argparse.Namespace, settings: Settings) -> int:
    """Ask for the password (twice at a terminal, one line otherwise) and add the account."""
    password = _password()
    if password is None:
        print("The two passwords differ; nothing was added.", file=sys.stderr)
        return 1
    member = asyncio.run(_add(settings, options.user_name, options.display_name or options.user_name, password))
    print(f"Added {member.user_name}. Sign in at /desk.")
    return 0


def _password() -> str | None:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (at least 10 characters): ")
    return first if first == getpass.getpass("Once more: ") else None


async def _add(settings: Settings, user_name: str, display_name: str, password: str) -> StaffMember:
    store = await open_store(settings)
    try:
        return await store.staff.add(user_name, display_name, password, at=SystemClock().now())
    finally:
        await store.close()
