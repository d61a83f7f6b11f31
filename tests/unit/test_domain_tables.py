"""Every command has a rule, and every event a change: nothing is forgotten in the tables."""

from typing import get_args

import pytest

from cloudcourt.domain.apply import CHANGES
from cloudcourt.domain.commands import AskedCommand, SystemCommand
from cloudcourt.domain.decide import NEEDED, RULES, SYSTEM_COMMANDS
from cloudcourt.domain.events import Event, HearingScheduled

pytestmark = pytest.mark.unit

ASKED = set(get_args(get_args(AskedCommand)[0]))
SYSTEM = set(get_args(SystemCommand))


def test_every_command_has_a_rule() -> None:
    assert set(RULES) == ASKED | SYSTEM
    assert set(SYSTEM_COMMANDS) == SYSTEM
    assert set(NEEDED) <= ASKED


def test_every_event_but_the_first_changes_something() -> None:
    assert set(CHANGES) == set(get_args(get_args(Event)[0])) - {HearingScheduled}
