"""`index.html` of a record: who, when, what was not recorded and why, and every file, for a reader without a script."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.recording import Film, FilmState, Manifest, Span, TrackEntry
from cloudcourt.domain.roles import SEAT_LABELS
from media.record.folders import FILM

_GAPS = {
    GapReason.RECESS: "休庭 Recess",
    GapReason.SEALED_EVIDENCE: "不公开质证 Sealed evidence",
    GapReason.MEDIATION: "调解 Mediation",
    GapReason.FAULT: "故障 Fault",
}
_KINDS = {"audio": "声音 Sound", "video": "图像 Picture"}
PAGE_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #8886;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}code{overflow-wrap:anywhere}video{max-width:100%}"
)
_CHECK = (
    "核验：在此文件夹中运行 <code>python3 verify.py</code>（无需联网）；格式说明见 <a href='FORMAT.md'>FORMAT.md</a>。"
    "<br>To check this record run <code>python3 verify.py</code> in this folder (no network needed); "
    "<a href='FORMAT.md'>FORMAT.md</a> describes the format."
)


_MADE_LATER = (
    "合成录像在封存之后制作完成；法院对它的签名在 <code>film.json</code> 中。"
    "<br>The film is finished after the seal; the court's signature for it is in <code>film.json</code>."
)


def index_page(manifest: Manifest) -> str:
    """The page. All times are UTC."""
    title = f"{manifest.case_number} {manifest.cause}"
    people = ((" ".join(SEAT_LABELS[seat.role]), seat.name, seat.participant_id) for seat in manifest.seats)
    parts = [
        f"<h1>{escape(title)}</h1><p>{_time(manifest.opened_at)} – {_time(manifest.ended_at)}</p><p>{_CHECK}</p>",
        _film(manifest.film),
        _table("出庭人员 People", ("席位 Seat", "姓名 Name", "编号 Id"), people),
        _table("时间 Time", ("内容 What", "起 From", "止 To", "说明 Note"), map(_stretch, _in_order(manifest))),
        _table("文件 Files", ("文件 File", "人员 Person", "内容 What", "SHA-256"), _files(manifest)),
    ]
    head = f"<meta charset='utf-8'><title>{escape(title)}</title><style>{PAGE_STYLE}</style>"
    return (
        f"<!doctype html>\n<html lang='zh-CN'><head>{head}</head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _film(film: Film) -> str:
    if film.state is FilmState.WAITING:
        return f"<p><video controls preload='metadata' src='{FILM}'></video></p><p>{_MADE_LATER}</p>"
    if film.file is None:
        return "<p>没有合成录像。There is no film.</p>"
    return f"<p><video controls preload='metadata' src='{escape(film.file)}'></video></p>"


def _in_order(manifest: Manifest) -> list[Span | Gap]:
    return sorted((*manifest.spans, *manifest.gaps), key=lambda stretch: stretch.began_at)


def _stretch(stretch: Span | Gap) -> tuple[str, ...]:
    what, note = "录制 Recorded", ""
    if isinstance(stretch, Gap):
        what, note = f"未录制 Not recorded: {_GAPS[stretch.reason]}", stretch.note
    return what, _time(stretch.began_at), _time(stretch.ended_at), note


def _files(manifest: Manifest) -> Iterable[tuple[str, ...]]:
    for track in manifest.tracks:
        yield track.file, track.name, _track(track), track.sha256 or ""
    if manifest.film.file is not None:
        yield manifest.film.file, "", f"合成录像 Film {_length(manifest.film.duration_s)}", manifest.film.sha256 or ""


def _track(track: TrackEntry) -> str:
    return f"{_KINDS[track.kind]} {_time(track.started_at)}, {_length(track.duration_s)}"


def _table(title: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(_cell(text) for text in row) + "</tr>\n" for row in rows)
    return f"<h2>{escape(title)}</h2>\n<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    said = escape(text)
    if text.endswith((".webm", ".mkv", ".ogg", ".mp4")):
        said = f"<a href='{said}'>{said}</a>"
    return f"<td><code>{said}</code></td>" if len(text) == 64 else f"<td>{said}</td>"


def _time(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _length(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
