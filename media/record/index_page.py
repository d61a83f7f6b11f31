"""`index.html` of a record: who, when, what was not recorded and why, and every file, for a reader without a script."""

import re
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
_HASH = re.compile("[0-9a-f]{64}")
PAGE_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:70rem;margin:1.5rem auto;"
    "padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #8886;padding:.4rem .6rem;text-align:left;vertical-align:top}.wide{overflow-x:auto}"
    "code{overflow-wrap:anywhere}.wide code{display:inline-block;min-width:13rem}video{max-width:100%}"
    "[lang=en]{color:#666;color:light-dark(#555,#aaa)}.go{display:inline-block;padding:.6rem 1rem;"
    "border:1px solid #8886;border-radius:.5rem}"
)
_CHECK = (
    "<a class='go' href='verify.html'>核验本记录 <span lang='en'>Check this record</span></a></p>"
    "<p>打开上面的页面，选择本文件夹或压缩包；或在本文件夹中运行 <code>python3 verify.py</code>。均无需联网。"
    "<br><span lang='en'>Open the page above and choose this folder or the zip; or run "
    "<code>python3 verify.py</code> in this folder. Neither needs a network.</span>"
)
_MADE_LATER = (
    "合成录像在封存之后制作完成；法院对它的签名在 <code>film.json</code> 中。"
    "<br><span lang='en'>The film is finished after the seal; the court's signature for it is in "
    "<code>film.json</code>.</span>"
)
_WHAT_IS_WHAT = (
    ("composite.mp4", "庭审录像，可用任何播放器播放 The film of the hearing; any player plays it"),
    ("tracks/", "每个人各自的声音和画面，未经混合 Each person's own sound and picture"),
    ("exhibits/", "收到的证据原件及其页面图片 Exhibits as they were received, and pictures of their pages"),
    ("journal/", "收到的原始数据包（如有保存） The packets as they arrived, where they were kept"),
    ("record.log, seal.json, manifest.json, film.json", "法院签名的庭审日志、封存和文件清单 What the court signed"),
    ("countersignatures.jsonl", "封存后的确认与各方签署（如有） Who confirmed and signed it afterwards"),
    (
        "orders.jsonl, destroyed.jsonl",
        "法官此后的命令、依规销毁的凭证（如有） Later orders, and what was destroyed by rule",
    ),
    ("verify.html, verify.py", "核验工具，均可离线使用 Verifiers; both work offline"),
    ("FORMAT.md", "格式说明 How all this is written"),
)


def index_page(manifest: Manifest) -> str:
    """The page. All times are UTC."""
    title = f"{manifest.case_number} {manifest.cause}"
    people = ((" ".join(SEAT_LABELS[seat.role]), seat.name, seat.participant_id) for seat in manifest.seats)
    parts = [
        f"<h1>{escape(title)}</h1><p>{_time(manifest.opened_at)} – {_time(manifest.ended_at)}</p><p>{_CHECK}</p>",
        _film(manifest.film),
        _table("这里有什么 What is here", ("文件 File", "内容 What"), _WHAT_IS_WHAT),
        _table("出庭人员 People", ("席位 Seat", "姓名 Name", "编号 Id"), people),
        _table("时间 Time", ("内容 What", "起 From", "止 To", "说明 Note"), map(_stretch, _in_order(manifest))),
        _table("文件 Files", ("文件 File", "人员 Person", "内容 What", "SHA-256"), _files(manifest)),
    ]
    viewport = "<meta name='viewport' content='width=device-width, initial-scale=1'>"
    head = f"<meta charset='utf-8'>{viewport}<title>{escape(title)}</title><style>{PAGE_STYLE}</style>"
    return (
        f"<!doctype html>\n<html lang='zh-CN'><head>{head}</head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _film(film: Film) -> str:
    if film.state is FilmState.WAITING:
        return f"<p><video controls preload='metadata' src='{FILM}'></video></p><p>{_MADE_LATER}</p>"
    if film.file is None:
        return "<p>没有合成录像。<span lang='en'>There is no film.</span></p>"
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
    head = "".join(f"<th>{_bilingual(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(_cell(text) for text in row) + "</tr>\n" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
    return f"<h2>{_bilingual(title)}</h2>\n<div class='wide'>{table}</div>"


def _cell(text: str) -> str:
    said = escape(text)
    if text.endswith((".webm", ".mkv", ".ogg", ".mp4")):
        said = f"<a href='{said}'>{said}</a>"
    return f"<td><code>{said}</code></td>" if _HASH.fullmatch(text) else f"<td>{said}</td>"


def _bilingual(title: str) -> str:
    """`文件 File` with its English marked as such."""
    chinese, _, english = title.partition(" ")
    return f"{escape(chinese)} <span lang='en'>{escape(english)}</span>"


def _time(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _length(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
