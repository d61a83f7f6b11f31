"""The time by which the court's papers are dated."""

from datetime import timedelta, timezone

COURT_ZONE = timezone(timedelta(hours=8))
"""Beijing time: the one legal time of every court that this is for."""
