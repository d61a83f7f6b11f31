"""How the public gallery follows the hearing: it airs exactly what is public, on the record, and opened by the judge.

A recess or a suspension only pauses it. Sealed evidence, mediation and the end shut it, with what waits in the delay;
after the first two the judge may open it again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.gallery import Airing, GalleryCut, GalleryOpened, ended
from cloudcourt.domain.hearing import GapReason, Hearing, Phase, RecordMode
from cloudcourt.domain.value import Value

_PRIVATE_GAPS = frozenset({GapReason.SEALED_EVIDENCE, GapReason.MEDIATION})


def is_private(hearing: Hearing) -> bool:
    """True while the hearing is not for the public although its case is: sealed evidence, mediation (CPL 137)."""
    sealed = hearing.record_mode is RecordMode.SEALED or hearing.off_record_reason in _PRIVATE_GAPS
    return sealed or hearing.phase is Phase.MEDIATION


def followed(hearing: Hearing, at: datetime) -> Hearing:
    """The hearing with its gallery as its other fields demand. To be asked after every event."""
    gallery = hearing.gallery
    changes: dict[str, Any] = {}
    if gallery.is_open and (is_private(hearing) or hearing.is_over):
        changes = {"is_open": False, "cut_at": at}
    is_open = changes.get("is_open", gallery.is_open)
    airs = is_open and hearing.is_public and hearing.record_mode is RecordMode.ON_RECORD
    if airs and not gallery.is_on_air:
        changes["airings"] = (*gallery.airings, Airing(began_at=at))
    elif gallery.is_on_air and not airs:
        changes["airings"] = ended(gallery.airings, at)
    if not changes:
        return hearing
    return hearing.model_copy(update={"gallery": gallery.model_copy(update=changes)})


def _opened(hearing: Hearing, event: GalleryOpened, at: datetime) -> dict[str, Any]:
    return {"gallery": hearing.gallery.model_copy(update={"is_open": True})}


def _cut(hearing: Hearing, event: GalleryCut, at: datetime) -> dict[str, Any]:
    return {"gallery": hearing.gallery.model_copy(update={"is_open": False, "cut_at": at})}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {
    GalleryOpened: _opened,
    GalleryCut: _cut,
}
