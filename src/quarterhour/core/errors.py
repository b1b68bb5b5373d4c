"""Errors as a family: what happened, what to do now, and a status for whoever asked."""

from __future__ import annotations


class QuarterhourError(Exception):
    """Something a person can be told about.

    told: one or two sentences, what happened and what to do now.
    status: the HTTP status of the answer. code: a stable word for programs.
    fields: field name to sentence, for what stands beside a form field.
    """

    status = 400

    def __init__(self, told: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(told)
        self.told = told
        self.fields = fields or {}

    @property
    def code(self) -> str:
        """The class name as a word for programs: SpanTaken becomes "span-taken"."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class NotAllowed(QuarterhourError):
    status = 403


class NotFound(QuarterhourError):
    status = 404


class Changed(QuarterhourError):
    """Somebody, or another tab, was quicker: the row is no longer what the page showed."""

    status = 409


class Invalid(QuarterhourError):
    status = 422


class TooMany(QuarterhourError):
    status = 429
