"""Structured logs: what happened, to which keys, how long it took. Never what a person wrote."""

from __future__ import annotations

import logging
import re
import sys
import traceback

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


# What a link in a mail ends with. Keys of rows are shorter.
SECRET = re.compile(r"[\w-]{40,}", re.ASCII)


def without_secrets(_logger, _method: str, line: dict) -> dict:
    """Take the secret out of addresses, wherever somebody wrote one."""
    return {key: SECRET.sub("[secret]", value) if isinstance(value, str) else value for key, value in line.items()}


def without_words_of_errors(_logger, _method: str, line: dict) -> dict:
    """Tell an error by its kind and where it was raised; its text may quote what a person wrote."""
    info = line.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["raised"] = "".join(traceback.format_tb(error.__traceback__)[-8:])
    return line


def configure(level: str, *, readable: bool) -> None:
    """One line an event on stderr: for eyes while developing, JSON in production."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_private_text,
        without_secrets,
    ]
    # For eyes, too, without the values around an error: cookies and questions are among them.
    last = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    if not readable:
        shared.append(without_words_of_errors)
        last = structlog.processors.JSONRenderer()
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
