"""Everything an operator can set. One frozen model, built only at the edges (`cli`, `app`).

Each field is also an environment variable: `CLOUDCOURT_` and the field's name in capitals.
"""

from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cloudcourt.domain.check_in import CheckInKind
from cloudcourt.domain.retention import RetentionClass


class Settings(BaseSettings):
    """The server's settings; units stand in the names."""

    model_config = SettingsConfigDict(env_prefix="CLOUDCOURT_", frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8080, ge=0, le=65_535, description="TCP port of the web server.")
    data_dir: Path = Field(Path("recordings"), description="Folder of the database and of every hearing's record.")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL; None means SQLite in the data folder. PostgreSQL: postgresql+psycopg://…"
    )
    public_url: str | None = Field(
        None, description="Address people open, such as https://court.example; None means what the browser asked for."
    )
    allowed_origins: tuple[str, ...] = Field((), description="Further origins whose pages may call this server.")
    secure_cookies: bool = Field(False, description="Mark cookies Secure also when TLS ends at a proxy in front.")
    announce_address: str | None = Field(
        None, description="Public IP address to name in media answers when the server stands behind 1:1 NAT."
    )
    media_workers: int = Field(
        1, ge=0, le=64, description="Media worker processes; a good number is one per core. 0 = in this process."
    )
    media_port: int = Field(
        8081,
        ge=0,
        le=65_000,
        description="UDP port of live media (worker N uses this port + N), and TCP for ICE-TCP; 0 = any free port.",
    )
    media_tcp: bool = Field(True, description="Also take media over TCP on the same port numbers (ICE-TCP, RFC 6544).")
    hearings_limit: int = Field(
        0, ge=0, le=1000, description="Hearings open at once before new ones are refused; 0 = what was measured to fit."
    )
    turn_urls: tuple[str, ...] = Field(
        (), description='TURN servers for closed networks, such as ["turn:turn.court.example:3478?transport=tcp"].'
    )
    turn_secret: SecretStr | None = Field(
        None, description="The TURN servers' shared secret (coturn's static-auth-secret) for time-limited credentials."
    )
    turn_credential_s: int = Field(600, ge=60, le=86_400, description="Seconds a TURN credential stays good.")
    check_in: CheckInKind = Field(
        CheckInKind.SHORT,
        description="How hearings scheduled from now on let people in: short (one page), full (every step, guarded).",
    )
    retention: RetentionClass = Field(
        RetentionClass.PERMANENT,
        description="How long records of hearings scheduled from now on are kept: permanent, long, short.",
    )
    snapshot_days: int = Field(
        30, ge=1, le=3650, description="Days an identity snapshot is kept; then it is destroyed."
    )
    condition_days: int = Field(
        30, ge=1, le=3650, description="Days the samples of people's connections are kept; then they are destroyed."
    )
    exhibit_mib: int = Field(64, ge=1, le=2048, description="Largest exhibit that can be handed in, in MiB.")
    exhibit_pages: int = Field(200, ge=1, le=2000, description="Pages that a PDF handed in as an exhibit may have.")
    link_days: int = Field(7, ge=1, le=90, description="Days a join link stays good after the scheduled time.")
    reconnect_grace_s: float = Field(20.0, gt=0, le=600, description="Seconds a lost seat shows as reconnecting.")
    judge_grace_s: float = Field(10.0, gt=0, le=600, description="Seconds without a judge until the hearing suspends.")
    restart_grace_s: float = Field(
        60.0, gt=0, le=600, description="The same, in the first moments after the server itself was restarted."
    )
    recorder_grace_s: float = Field(
        5.0, gt=0, le=600, description="Seconds without a recorder until a sitting court suspends, unless overridden."
    )
    booked_minutes: int = Field(
        60, ge=0, le=1440, description="Minutes of record that must have room before a hearing may begin; 0 = any."
    )
    gallery_delay_s: float = Field(
        30.0, ge=5, le=600, description="Seconds the public gallery is behind: what the judge can still take back."
    )
    gallery_seats: int = Field(50, ge=0, le=1000, description="Visitors one hearing's public gallery has room for.")
    timestamp_url: str | None = Field(
        None, description="Timestamp authority (RFC 3161) that is asked for the time of each seal; None = nobody is."
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Least level logged.")

    @field_validator("announce_address")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        return str(ip_address(address)) if address else None

    @property
    def store_url(self) -> str:
        """The database in use."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'cloudcourt.sqlite3').absolute()}"
