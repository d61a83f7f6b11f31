"""What a statement about faults changes, and what the recorder notes about pictures."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.events import FaultStated
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.kept_pictures import PicturesGivenUp, PicturesKeptAgain
from cloudcourt.domain.value import Value


def _stated(hearing: Hearing, event: FaultStated, at: datetime) -> dict[str, Any]:
    # Gaps are only ever added: the statement covers as many as there are now.
    return {"faults_stated": len(hearing.gaps)}


def _given_up(hearing: Hearing, event: PicturesGivenUp, at: datetime) -> dict[str, Any]:
    return {"keeps_pictures": False}


def _kept_again(hearing: Hearing, event: PicturesKeptAgain, at: datetime) -> dict[str, Any]:
    return {"keeps_pictures": True}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {
    FaultStated: _stated,
    PicturesGivenUp: _given_up,
    PicturesKeptAgain: _kept_again,
}
