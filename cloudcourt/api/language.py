"""Which of the court's two languages a caller prefers."""

from aiohttp import web

from cloudcourt.domain.errors import Language


def language_of(request: web.Request) -> Language:
    """From `Accept-Language` (RFC 9110 12.5.4); Chinese where neither language is asked for."""
    best: Language = "zh-CN"
    best_weight = 0.0
    for wish in request.headers.get("Accept-Language", "")[:200].lower().split(","):
        tag, _, parameters = wish.partition(";")
        weight = _weight(parameters)
        language = _LANGUAGES.get(tag.strip().partition("-")[0])
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


_LANGUAGES: dict[str, Language] = {"zh": "zh-CN", "en": "en"}


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
