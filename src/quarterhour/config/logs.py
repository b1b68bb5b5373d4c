"""Structured logs: what happened, to which keys, how long it took. Never what a person wrote."""

from __future__ import annotations

import logging
import sys

import structlog

PRIVATE = {
    "text",
    "email",
    "name",
    "question",
    "notes",
    "body",
    "password",
    "token",
    "secret",
    "cookie",
    "insight",
}


def without_private_text(_logger, _method: str, line: dict) -> dict:
    """Replace fields that could hold what a person wrote, whoever added them."""
    return {key: "[private]" if key in PRIVATE else value for key, value in line.items()}


def configure(level: str, *, readable: bool) -> None:
    """One line an event on stderr: for eyes while developing, JSON in production."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_private_text,
    ]
    last = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("procrastinate", "fontTools", "asyncio", "httpx2"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
