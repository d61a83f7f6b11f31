"""The one shape of an error on every route and every acknowledgement."""

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, Language

_INTERNAL: dict[Language, str] = {
    "zh-CN": "服务器出现故障，请稍后重试；如仍有问题，请将编号 {incident_id} 告知书记员。",
    "en": "The server had a fault. Please try again; if it stays, tell the clerk the number {incident_id}.",
}


def error_body(error: CourtError, language: Language) -> dict[str, object]:
    """`{"error": {"code", "message", "fields", "incident_id"}}` for someone who must be told."""
    return {
        "error": {
            "code": error.code.value,
            "message": error.sentence(language),
            "fields": {**error.fields, **({"rule": error.rule} if error.rule else {})},
            "incident_id": None,
        }
    }


def internal_error_body(incident_id: str, language: Language) -> dict[str, object]:
    """The same for a bug: the client learns only the incident's number."""
    return {
        "error": {
            "code": ErrorCode.INTERNAL.value,
            "message": _INTERNAL[language].format(incident_id=incident_id),
            "fields": {},
            "incident_id": incident_id,
        }
    }
