"""Whether pictures are recorded: on a disk that is nearly full they are given up first, so that sound lasts."""

from typing import Literal

from cloudcourt.domain.value import Value


class NotePictures(Value):
    """System: the recorder says whether it keeps pictures."""

    kind: Literal["note_pictures"] = "note_pictures"
    are_kept: bool


class PicturesGivenUp(Value):
    """From here on only sound is recorded, for want of room on the disk."""

    kind: Literal["pictures_given_up"] = "pictures_given_up"


class PicturesKeptAgain(Value):
    kind: Literal["pictures_kept_again"] = "pictures_kept_again"
