"""Settings an operator may give, read once, each with the sentence that explains it.

The table is the documentation: docs/guide/settings.md is compared with it by a test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

LOCAL = "local"  # where an address could stand: this machine does it itself


class BadSetting(SystemExit):
    """A setting that cannot be used: its name, what is wrong, and what to do."""


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    read: Callable[[str], Any]
    explains: str


def _yes(text: str) -> bool:
    if text.lower() in {"1", "yes", "true", "on"}:
        return True
    if text.lower() in {"", "0", "no", "false", "off"}:
        return False
    raise ValueError('Write "yes" or "no".')


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"Choose {low} to {high}.")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"Choose one of: {', '.join(words)}.")
        return text

    return read


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError(f"It starts with {' or '.join(s + '://' for s in schemes)}.")
        return text

    return read


def _url_or_local(text: str) -> str:
    return text if text == LOCAL else _url("http", "https")(text)


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(part) for part in _list(text)]


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def default_home() -> str:
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return f"{share}/quarterhour"


SETTINGS = (
    Setting(
        "QUARTERHOUR_MODE",
        "development",
        _one_of("development", "demo", "production"),
        "How careful to be: production refuses default secrets and plain http cookies.",
    ),
    Setting(
        "QUARTERHOUR_HOME",
        "",
        lambda t: _path(t or default_home()),
        "The folder for everything kept on disk: the embedded database, the secret, written mail.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        _url("postgres", "postgresql"),
        "A PostgreSQL server, 15 or later, with pgvector. Unset: an embedded one is started.",
    ),
    Setting(
        "QUARTERHOUR_POSTGRES_BIN",
        "",
        str,
        "The folder of the PostgreSQL programs to embed. Unset: the installed wheel, then the system's.",
    ),
    Setting(
        "QUARTERHOUR_SECRET",
        "",
        str,
        "The key that signs cookies and links. Unset: made once and kept in the home folder.",
    ),
    Setting("QUARTERHOUR_URL", "http://localhost:8100", _url("http", "https"), "The address people type."),
    Setting(
        "QUARTERHOUR_REALTIME_URL",
        "",
        _url("ws", "wss"),
        "The address of the realtime process as browsers reach it. Unset: the port after the pages'.",
    ),
    Setting(
        "QUARTERHOUR_HOSTS",
        "",
        _list,
        "Host names to answer to besides the one in QUARTERHOUR_URL, with commas.",
    ),
    Setting("QUARTERHOUR_BIND", "127.0.0.1", str, "The address the servers listen on."),
    Setting(
        "QUARTERHOUR_PORT",
        "",
        lambda text: _whole(1, 65_534)(text) if text else None,
        "The port pages listen on; rooms take the next one. Unset: the ports of the two addresses.",
    ),
    Setting(
        "QUARTERHOUR_PROXIES",
        "0",
        _whole(0, 9),
        "How many proxies of yours stand in front, so that limits count people and not the proxy.",
    ),
    Setting("QUARTERHOUR_WORKERS", "2", _whole(1, 64), "Processes that answer pages."),
    Setting(
        "QUARTERHOUR_MAIL",
        "",
        _url("smtp", "smtps", "folder"),
        "Where mail goes: smtp://user:password@host:587, or folder:///path to write files. Unset: the home folder.",
    ),
    Setting(
        "QUARTERHOUR_MAIL_FROM",
        "Quarterhour <quarterhour@localhost>",
        str,
        "Who mail comes from, and who organises invitations.",
    ),
    Setting(
        "QUARTERHOUR_MODEL",
        "yes",
        _yes,
        "Whether to read meaning with the sentence model, where it is installed.",
    ),
    Setting("QUARTERHOUR_MODEL_THREADS", "1", _whole(1, 64), "Threads the sentence model may use in each process."),
    Setting(
        "QUARTERHOUR_STUN",
        "",
        _list,
        "STUN servers for calls, such as stun:stun.example.org:3478, with commas.",
    ),
    Setting(
        "QUARTERHOUR_TURN",
        "",
        _list,
        "TURN servers for calls, such as turn:turn.example.org:3478, with commas.",
    ),
    Setting(
        "QUARTERHOUR_TURN_SECRET",
        "",
        str,
        "The shared secret of the TURN servers (coturn: static-auth-secret).",
    ),
    Setting(
        "QUARTERHOUR_SFU_URL",
        "",
        _url("ws", "wss"),
        "Janus' WebSocket on your own network, as ws://127.0.0.1:8188, for rounds of more than four. Unset: four.",
    ),
    Setting("QUARTERHOUR_SFU_SECRET", "", str, "The api_secret of that Janus, and the admin_key of its video rooms."),
    Setting(
        "QUARTERHOUR_COMPANIONS",
        "8",
        _whole(3, 10),
        "How many may come along to a session where that Janus is named. Without it two may.",
    ),
    Setting(
        "QUARTERHOUR_FETCH_ALLOWED",
        "",
        _networks,
        "Networks of your own that calendars are fetched from and webhooks sent to, such as 10.1.0.0/16, with commas.",
    ),
    Setting(
        "QUARTERHOUR_ASSISTANT_URL",
        "",
        _url("http", "https"),
        "The chat address of an assistant, as https://models.example.org/v1/chat/completions. Unset: there is none.",
    ),
    Setting("QUARTERHOUR_ASSISTANT_KEY", "", str, "The key the assistant's server asks for, where it asks for one."),
    Setting("QUARTERHOUR_ASSISTANT_MODEL", "default", str, "The name of the model at that address."),
    Setting(
        "QUARTERHOUR_CAPTIONS_URL",
        "",
        _url_or_local,
        "Who writes down what a browser cannot: local, or as https://x.example/v1/audio/transcriptions. Unset: nobody.",
    ),
    Setting("QUARTERHOUR_CAPTIONS_CORES", "1", _whole(1, 64), "Cores that local may use, one for each piece of sound."),
    Setting("QUARTERHOUR_CAPTIONS_KEY", "", str, "The key that server asks for, where it asks for one."),
    Setting("QUARTERHOUR_CAPTIONS_MODEL", "whisper-1", str, "The name of the model at that address."),
    Setting(
        "QUARTERHOUR_KEEP_DAYS",
        "30",
        _whole(8, 3_650),
        "Days for which delivered news, heartbeats of the rooms, dead links of mails and failed jobs are kept.",
    ),
    Setting(
        "QUARTERHOUR_REPORT_DAYS",
        "180",
        _whole(30, 3_650),
        "Days after the last decision on a report; then its words and its evidence are erased.",
    ),
    Setting("QUARTERHOUR_LOG", "info", _one_of("debug", "info", "warning", "error"), "How much to log."),
)


def read_settings(given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Every setting by name, parsed. Raises BadSetting with one clear sentence."""
    source = os.environ if given is None else given
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = source.get(setting.name) or setting.default
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            raise BadSetting(f'{setting.name} is "{text}". {error} {setting.explains}') from error
    return values


def database_from(url: str) -> dict[str, Any]:
    """Django's words for a database URL. Query parameters become connection options."""
    from urllib.parse import parse_qsl

    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "quarterhour",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def kept_secret(home: Path) -> str:
    """The secret kept in the home folder, made on first use, readable by its owner alone."""
    import secrets

    home.mkdir(parents=True, exist_ok=True)
    path = home / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    made = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(made)
    return made
