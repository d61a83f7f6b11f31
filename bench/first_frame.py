"""How long a person waits for the first picture of somebody who is in court already, on loopback.

The clock starts when the page makes its peer connection and stops when the first frame of another person is decoded:
offer, answer, ICE, DTLS, key frame. Usage: `.venv/bin/python bench/first_frame.py [--times 20]`
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.async_api import async_playwright

from tests.bed.browsers import Person, enters
from tests.bed.court_server import CourtServer

STOPWATCH = """
const Stock = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Stock {
  constructor(...given) {
    super(...given);
    const began = performance.now();
    const watch = async () => {
      for (const stat of (await this.getStats()).values())
        if (stat.type === 'inbound-rtp' && stat.kind === 'video' && stat.framesDecoded > 0) {
          window.firstFrameMs = performance.now() - began;
          return;
        }
      if (this.connectionState !== 'closed') setTimeout(watch, 10);
    };
    setTimeout(watch, 10);
  }
};
"""


async def open_court(server: CourtServer, judge: Person, party: Person) -> None:
    links = (await server.demo())["links"]
    await party.goes_in(links["defendant"])
    await judge.goes_in(links["judge"])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await party.does_not_see("countdown")


async def wait_ms(party: Person) -> float:
    await party.page.reload()
    async with asyncio.timeout(30):
        while not (found := await party.page.evaluate("window.firstFrameMs || 0")):
            await asyncio.sleep(0.1)
    return float(found)


async def measure(times: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        server = CourtServer(path / "court")
        await server.start()
        try:
            async with async_playwright() as playwright:
                judge = await enters(playwright, "judge", path)
                party = await enters(playwright, "defendant", path, phone=True)
                await party.context.add_init_script(STOPWATCH)
                await open_court(server, judge, party)
                found = [await wait_ms(party) for _ in range(times)]
                await judge.close()
                await party.close()
                return found
        finally:
            await server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20, help="how many joins")
    waits = sorted(asyncio.run(measure(parser.parse_args().times)))
    half, most = waits[len(waits) // 2], waits[min(len(waits) - 1, int(len(waits) * 0.95))]
    print(
        f"first remote frame after {half:.0f} ms (p50), {most:.0f} ms (p95), of {len(waits)} joins; wanted: p95 <= 600"
    )


if __name__ == "__main__":
    main()
