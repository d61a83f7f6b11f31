"""`cloudcourt serve`: run the server until a signal ends it."""

import argparse
import asyncio
import signal

from aiohttp import web

from cloudcourt.app import build_app
from cloudcourt.observability.logs import set_up_logs
from cloudcourt.settings import Settings

SHUTDOWN_DEADLINE_S = 10.0


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM; sitting courts are suspended on the record first."""
    set_up_logs(settings.log_level)
    asyncio.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    runner = web.AppRunner(
        await build_app(settings), access_log=None, handle_signals=False, shutdown_timeout=SHUTDOWN_DEADLINE_S
    )
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    await site.start()
    print(f"cloudcourt listens on {_address(runner, settings)}", flush=True)
    await stopped.wait()
    print("cloudcourt is closing: sitting courts are suspended on the record …", flush=True)
    await runner.cleanup()


def _address(runner: web.AppRunner, settings: Settings) -> str:
    port = runner.addresses[0][1] if runner.addresses else settings.port
    host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else settings.host  # noqa: S104
    return settings.public_url or f"http://{host}:{port}"
