"""The court's TURN relays, for people whose network lets no media through directly."""

import base64
import hmac
from datetime import datetime


class TurnRelays:
    """Makes short-lived TURN credentials that a relay can check without asking us.

    The scheme of draft-uberti-behave-turn-rest-00, which coturn calls `use-auth-secret`. A credential stays good for
    `credential_s` seconds.
    """

    def __init__(self, urls: tuple[str, ...], secret: str | None, credential_s: int) -> None:
        self._urls = urls
        self._secret = secret
        self._credential_s = credential_s

    @property
    def good_for_s(self) -> int:
        """Seconds until a credential made now has run out."""
        return self._credential_s

    def ice_servers(self, participant_id: str, now: datetime) -> list[dict[str, str | list[str]]]:
        """Entries for a browser's `RTCConfiguration.iceServers`; none when there is no relay or no shared secret."""
        if not self._urls or not self._secret:
            return []
        username = f"{int(now.timestamp()) + self._credential_s}:{participant_id}"
        signature = hmac.digest(self._secret.encode(), username.encode(), "sha1")
        return [
            {
                "urls": list(self._urls),
                "username": username,
                "credential": base64.b64encode(signature).decode("ascii"),
            }
        ]
