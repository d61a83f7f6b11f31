"""Who is let in, where, and how fast a dead worker is replaced."""

import pytest

from cloudcourt.domain.errors import (
    CourtError,
    CourtFull,
    InvalidInput,
    MediaRefused,
    MediaUnavailable,
    RecorderNotReady,
)
from media.worker.admission import (
    BUSY_SHARE,
    HEARINGS_PER_CORE,
    LOAD_WINDOW_S,
    CpuWindow,
    WorkerLoad,
    admit,
    hearings_that_fit,
)
from media.worker.backoff import FORGIVEN_AFTER_S, LONGEST_WAIT_S, Backoff
from media.worker.wire import Refused

pytestmark = pytest.mark.unit

IDLE, BUSY = WorkerLoad(0, 0.1), WorkerLoad(3, BUSY_SHARE + 0.01)


@pytest.mark.parametrize(
    ("setting", "workers", "cores", "limit"),
    [
        (7, 4, 4, 7),
        (0, 1, 8, HEARINGS_PER_CORE),
        (0, 4, 8, 4 * HEARINGS_PER_CORE),
        (0, 8, 2, 2 * HEARINGS_PER_CORE),
    ],
)
def test_the_limit_is_the_operators_or_what_workers_and_cores_carry(
    setting: int, workers: int, cores: int, limit: int
) -> None:
    assert hearings_that_fit(setting, workers, cores) == limit


def test_one_more_is_let_in_up_to_the_limit() -> None:
    admit([IDLE], 4, 5)
    with pytest.raises(CourtFull) as refusal:
        admit([IDLE], 5, 5)
    assert refusal.value.fields == {"open_hearings": 5, "limit": 5}


def test_load_refuses_only_when_every_worker_is_busy() -> None:
    admit([BUSY, IDLE], 3, 50)
    admit([], 0, 50)
    with pytest.raises(CourtFull) as refusal:
        admit([BUSY, BUSY], 6, 50)
    assert refusal.value.fields == {"open_hearings": 6, "limit": 6}, "no more than are open fit now"


def test_the_least_burdened_worker_counts_what_is_to_come_and_what_is() -> None:
    many_waiting, one_heavy = WorkerLoad(12, 0.0), WorkerLoad(1, 0.5)
    assert IDLE.burden < many_waiting.burden < one_heavy.burden


def test_the_share_is_that_of_the_window() -> None:
    window = CpuWindow()
    assert window.share == 0.0
    window.note(100.0, 50.0)
    assert window.share == 0.0, "what was used before isn't known to be recent"
    for second in range(1, 31):
        window.note(100.0 + second, 50.0 + 0.2 * second)
    assert window.share == pytest.approx(0.2)
    for second in range(31, 31 + int(LOAD_WINDOW_S)):
        window.note(100.0 + second, 56.0 + 0.9 * (second - 30))
    assert window.share == pytest.approx(0.9), "the quiet time is forgotten"
    window.forget()
    assert window.share == 0.0


def test_the_first_death_is_answered_at_once_and_a_loop_is_slowed() -> None:
    backoff = Backoff()
    waits = [backoff.died(0.2) for _ in range(12)]
    assert waits[0] == 0.0
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_S
    assert backoff.is_looping(0.0) and not backoff.is_looping(FORGIVEN_AFTER_S)
    assert backoff.died(FORGIVEN_AFTER_S) == 0.0
    assert not backoff.is_looping(0.0)


@pytest.mark.parametrize(
    "error",
    [
        MediaRefused("data_channel"),
        MediaUnavailable(),
        RecorderNotReady("disk_full"),
        CourtFull(3, 3),
        InvalidInput(where="offer", why="long"),
    ],
)
def test_an_error_crosses_the_wire_as_itself(error: CourtError) -> None:
    sent = Refused(number=1, code=error.code, fields=error.fields).model_dump_json()
    came = Refused.model_validate_json(sent).error()
    assert type(came) is type(error)
    assert came.fields == error.fields
    assert came.sentence("zh-CN") == error.sentence("zh-CN")
