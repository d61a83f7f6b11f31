"""When the judge may open the public gallery, and cut it."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.errors import NotPublic, WrongState
from cloudcourt.domain.gallery import CutGallery, GalleryCut, GalleryOpened, OpenGallery
from cloudcourt.domain.gallery_changes import is_private
from cloudcourt.domain.hearing import Hearing, SessionState
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events
from cloudcourt.domain.value import Value


def open_gallery(hearing: Hearing, command: OpenGallery, asking: Asking) -> Events:
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    if not hearing.is_public or is_private(hearing):
        raise NotPublic
    return () if hearing.gallery.is_open else (GalleryOpened(),)


def cut_gallery(hearing: Hearing, command: CutGallery, asking: Asking) -> Events:
    return (GalleryCut(),) if hearing.gallery.is_open else ()


NEEDED: dict[type[Value], Permission] = {
    OpenGallery: Permission.RULE_GALLERY,
    CutGallery: Permission.RULE_GALLERY,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    OpenGallery: open_gallery,
    CutGallery: cut_gallery,
}
