"""The title card of a gap: why the record stands still, and from when to when."""

from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from cloudcourt.domain.hearing import GapReason
from media.film.emblem import emblem
from media.film.header import utc_offset
from media.film.layout import HEIGHT, WIDTH
from media.film.lettering import shortened, write
from media.film.palette import BRIGHT, GOLD, GROUND, LINE, SOFT
from media.film.timeline import Card

_EMBLEM_PX = 104
_TITLE_PX, _ENGLISH_PX, _TIMES_PX, _RULE_PX, _SMALL_PX = 64, 34, 34, 24, 20

GAP_TITLES: dict[GapReason, tuple[str, str]] = {
    GapReason.RECESS: ("休庭", "Recess"),
    GapReason.SEALED_EVIDENCE: ("不公开质证", "Evidence heard in private"),
    GapReason.MEDIATION: ("调解", "Mediation"),
    GapReason.FAULT: ("技术故障，庭审中止", "Suspended for a technical fault"),
}

GAP_RULES: dict[GapReason, tuple[str, str]] = {
    GapReason.RECESS: ("休庭期间依规定停止录制", "Recording stops during a recess, as the rules provide"),
    GapReason.SEALED_EVIDENCE: ("涉及不公开内容，依规定停止录制", "Not public: recording stops, as the rules provide"),
    GapReason.MEDIATION: ("调解过程依规定不录制", "Mediation is off the record by rule"),
    GapReason.FAULT: ("此时段因技术故障未能录制", "Not recorded because of a technical fault"),
}
"""REC 3 (the lawful breaks) and REC 4 (faults), as said to whoever watches."""


def title_card(card: Card, case_number: str, emblem_file: Path | None = None) -> Image.Image:
    """The whole picture of a gap."""
    chinese, english = GAP_TITLES[card.gap.reason]
    rule, rule_english = GAP_RULES[card.gap.reason]
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, WIDTH - 41, HEIGHT - 41), outline=LINE, width=2)
    image.paste(emblem(_EMBLEM_PX, GROUND, emblem_file), ((WIDTH - _EMBLEM_PX) // 2, 88))
    middle = WIDTH / 2
    write(image, (middle, 258), chinese, _TITLE_PX, BRIGHT, "mm")
    write(image, (middle, 326), english, _ENGLISH_PX, GOLD, "mm")
    draw.rectangle((WIDTH // 2 - 90, 372, WIDTH // 2 + 90, 373), fill=LINE)
    write(image, (middle, 424), gap_times(card), _TIMES_PX, BRIGHT, "mm")
    write(image, (middle, 472), gap_length(card), _RULE_PX, SOFT, "mm")
    write(image, (middle, 534), rule, _RULE_PX, BRIGHT, "mm")
    write(image, (middle, 568), rule_english, _SMALL_PX, SOFT, "mm")
    write(image, (middle, HEIGHT - 78), shortened(case_number, _RULE_PX, WIDTH - 160), _RULE_PX, SOFT, "mm")
    return image


def gap_times(card: Card) -> str:
    """`2026-11-24  10:03:20 – 10:15:02  UTC+8`."""
    began = card.gap.began_at.astimezone()
    times = f"{began:%Y-%m-%d}  {began:%H:%M:%S} –"
    ended = card.ended_at.astimezone()
    times += f" {ended:%H:%M:%S}" if ended.date() == began.date() else f" {ended:%Y-%m-%d %H:%M:%S}"
    return f"{times}  {utc_offset(began)}"


def gap_length(card: Card) -> str:
    """`历时 11 分 42 秒 · 11 min 42 s`."""
    minutes, seconds = divmod(round((card.ended_at - card.gap.began_at) / timedelta(seconds=1)), 60)
    chinese = f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
    english = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"历时 {chinese} · {english}"
