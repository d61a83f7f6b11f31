"""The zip of a redacted copy: the film, what the court signed of it, the judge's orders, a page, and a verifier."""

import zipfile
from html import escape
from pathlib import Path

from cloudcourt.domain.evidence import canonical
from cloudcourt.domain.redaction import RedactedSpan, SignedRedaction
from media.record.export import entry_of
from media.record.folders import write_atomically
from media.record.index_page import PAGE_STYLE
from media.record.sealing import FORMAT, INDEX, PAGE, VERIFIER, format_document
from media.verifier.orders import ORDERS_FILE
from media.verifier.redaction import REDACTED_FILM, REDACTION
from media.verifier.single_file import single_file
from media.verifier.single_page import single_page

_MEANS = {
    "silence": "静音 Silent",
    "bleep": "消音 Bleeped",
    "blank": "画面遮蔽 Picture blanked",
    "cover": "人员遮蔽 Person left out of the picture",
}


def write_bundle(folder: Path, signed: SignedRedaction, record: Path, out: Path) -> None:
    """Put it into `out`, never half. The film stands in `folder` and goes into the zip. Raises OSError."""
    content = canonical(signed.model_dump(mode="json")) + b"\n"
    files = {
        INDEX: redacted_page(signed).encode(),
        PAGE: single_page().encode(),
        VERIFIER: single_file().encode(),
        FORMAT: format_document(),
        REDACTION: content,
    }
    orders = record / ORDERS_FILE
    if any(one.order is not None for one in signed.statement.redactions):
        files[ORDERS_FILE] = orders.read_bytes()
    temporary = out.with_name(f".{out.name}.tmp")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as bundle:
            for name, told in files.items():
                bundle.writestr(entry_of(name), told)
            bundle.write(folder / REDACTED_FILM, REDACTED_FILM)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
    write_atomically(folder / REDACTION, content)
    (folder / REDACTED_FILM).unlink()


def redacted_page(signed: SignedRedaction) -> str:
    """What this is, in two languages, for a reader without a script."""
    told = signed.statement
    rows = "".join(map(_row, told.redactions))
    title = f"{told.case_number} 遮蔽副本 Redacted copy {told.number}"
    return (
        "<!doctype html>\n<html lang='zh-CN'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{PAGE_STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n"
        "<p>这是庭审录像的遮蔽副本：下表所列时段依法庭决定作了遮蔽，原始记录未作任何改动。<br>"
        "<span lang='en'>This is a redacted copy of a hearing's film: what the table lists was taken out on the "
        "court's decision. The record itself is unchanged.</span></p>\n"
        f"<p><video controls preload='metadata' src='{REDACTED_FILM}'></video></p>\n"
        "<h2>遮蔽内容 <span lang='en'>Redactions</span></h2>\n<div class='wide'><table><thead><tr><th>起 From</th>"
        f"<th>止 To</th><th>方式 How</th><th>理由 Why</th></tr></thead><tbody>{rows}</tbody></table></div>\n"
        "<h2>来源与核验 <span lang='en'>Source and checking</span></h2>\n"
        f"<p>原记录校验值 <span lang='en'>Check value of the record</span><br><code>{told.source.seal}</code></p>\n"
        f"<p>原录像 <span lang='en'>SHA-256 of the film it was made from</span><br><code>{told.source.sha256}</code>"
        "</p>\n<p><a href='verify.html'>核验本副本 <span lang='en'>Check this copy</span></a>, "
        "<code>python3 verify.py</code>, <a href='FORMAT.md'>FORMAT.md</a></p>\n</body></html>\n"
    )


def _row(one: RedactedSpan) -> str:
    why = one.reason if one.order is None else f"{one.reason} #{one.order}"
    cells = (_film_time(one.from_ms), _film_time(one.to_ms), _MEANS[one.means], why)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>\n"


def _film_time(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
