"""TURN credentials as the court hands them out."""

from datetime import UTC, datetime, timedelta

import pytest

from cloudcourt.court.relays import TurnRelays

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URLS = ("turn:turn.court.example:3478?transport=udp", "turns:turn.court.example:443?transport=tcp")


def test_a_credential_names_its_end_and_the_person_and_is_signed() -> None:
    # The signature was made with: printf '1772442600:p-7' | openssl dgst -sha1 -hmac 'north hall' -binary | base64
    (relay,) = TurnRelays(URLS, "north hall", 600).ice_servers("p-7", NOW)
    assert relay == {"urls": list(URLS), "username": "1772442600:p-7", "credential": "kSxJIlnVKhtahi7oCGD2pKzWC9M="}


def test_credentials_differ_by_person_time_and_secret() -> None:
    relays = TurnRelays(URLS, "north hall", 600)
    made = [
        relays.ice_servers("p-7", NOW),
        relays.ice_servers("p-8", NOW),
        relays.ice_servers("p-7", NOW + timedelta(seconds=1)),
        TurnRelays(URLS, "south hall", 600).ice_servers("p-7", NOW),
    ]
    assert len({str(servers[0]["credential"]) for servers in made}) == len(made)


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    relays = TurnRelays(URLS, "north hall", 600)
    elsewhere = NOW.astimezone(tz=None)
    assert relays.ice_servers("p-7", elsewhere) == relays.ice_servers("p-7", NOW)


@pytest.mark.parametrize(("urls", "secret"), [((), "north hall"), (URLS, None), (URLS, "")])
def test_without_relay_or_secret_there_is_nothing_to_offer(urls: tuple[str, ...], secret: str | None) -> None:
    assert TurnRelays(urls, secret, 600).ice_servers("p-7", NOW) == []
