"""The command line: `cloudcourt serve | demo | migrate | staff add | export | verify | retention`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from cloudcourt import __version__
from cloudcourt.cli import demo, export, migrate, retention, serve, staff, verify
from cloudcourt.domain.errors import CourtError
from cloudcourt.settings import Settings

SETTING_OPTIONS: dict[str, str] = {
    "host": "HOST",
    "port": "PORT",
    "data_dir": "DIR",
    "database_url": "URL",
    "public_url": "URL",
    "media_workers": "N",
    "media_port": "PORT",
    "announce_address": "ADDRESS",
    "log_level": "LEVEL",
}
"""Settings that are also options; all the others are environment variables only."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options, _settings(options))
    except CourtError as refusal:
        print(f"cloudcourt: {refusal}", file=sys.stderr)
        return 1
    except ValidationError as refusal:
        first = refusal.errors(include_url=False)[0]
        print(f"cloudcourt: {'.'.join(map(str, first['loc']))}: {first['msg']}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cloudcourt", description="An online court, live and on the record.")
    parser.add_argument("--version", action="version", version=f"cloudcourt {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("serve", help="run the server")
    _add_settings(command, "host", "port", "data_dir", "database_url", "public_url", "media_workers", "media_port")
    _add_settings(command, "announce_address", "log_level")
    command.set_defaults(run=serve.run)

    command = commands.add_parser("demo", help="prepare a demonstration case and print one join link per role")
    _add_settings(command, "data_dir", "database_url", "port", "public_url")
    command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    command.set_defaults(run=demo.run)

    command = commands.add_parser("migrate", help="bring the database up to date")
    _add_settings(command, "data_dir", "database_url")
    command.set_defaults(run=migrate.run)

    people = commands.add_parser("staff", help="court staff accounts").add_subparsers(required=True, metavar="ACT")
    command = people.add_parser("add", help="add an account; the password is asked for, or read from standard input")
    command.add_argument("user_name")
    command.add_argument("--display-name", default=None, help="as colleagues see it; the user name if left out")
    _add_settings(command, "data_dir", "database_url")
    command.set_defaults(run=staff.run_add)

    _add_record_commands(commands)
    return parser


def _add_record_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("export", help="write a sealed record as a folder or a zip, to hand over")
    command.add_argument("hearing", help="the hearing's id")
    command.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help="a new folder, or a file ending in .zip"
    )
    _add_settings(command, "data_dir")
    command.set_defaults(run=export.run)

    command = commands.add_parser("verify", help="check a hearing's folder or an exported bundle, offline")
    command.add_argument("path", type=Path)
    command.add_argument("--court-key", metavar="HEX", help="the court's public key, as GET /api/court-key gives it")
    command.add_argument("--heads", type=Path, metavar="FILE", help="checkpoints that a party kept in the hearing")
    command.set_defaults(run=verify.run)

    command = commands.add_parser("retention", help="remove what is due by rule; the server does so each day")
    command.add_argument("--dry-run", action="store_true", help="tell what is due, and remove nothing")
    command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    _add_settings(command, "data_dir", "database_url")
    command.set_defaults(run=retention.run)


def _add_settings(command: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        field = Settings.model_fields[name]
        command.add_argument(
            f"--{name.replace('_', '-')}", metavar=SETTING_OPTIONS[name], default=None, help=field.description
        )


def _settings(options: argparse.Namespace) -> Settings:
    """Options win over the environment, the environment over the defaults."""
    chosen = {name: getattr(options, name, None) for name in SETTING_OPTIONS}
    return Settings(**{name: value for name, value in chosen.items() if value is not None})
