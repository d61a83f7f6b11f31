"""How the picture of a film's copy is coded: as large, as fast and in the same colours as what it was made from."""

from fractions import Fraction
from typing import Any

from av.container import OutputContainer

_OPTIONS = {"preset": "veryfast", "crf": "25", "threads": "1"}


def picture_like(seen: Any, copy: OutputContainer) -> Any:
    """A new H.264 stream of `copy`, for pictures like those of the video stream `seen`."""
    stream = copy.add_stream("libx264", rate=seen.average_rate or 25, options=_OPTIONS)
    stream.width, stream.height, stream.pix_fmt = seen.width, seen.height, "yuv420p"
    stream.time_base = seen.time_base or Fraction(1, 25)
    theirs, ours = seen.codec_context, stream.codec_context
    ours.colorspace, ours.color_range = theirs.colorspace, theirs.color_range
    ours.color_primaries, ours.color_trc = theirs.color_primaries, theirs.color_trc
    return stream
