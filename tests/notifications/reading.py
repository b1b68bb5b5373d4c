"""Reading mail and calendars with other eyes than the ones that wrote them."""

from __future__ import annotations

import re
from email.message import EmailMessage

ADDRESS = re.compile(r"http://[^\s\"<>]+/by-mail/([\w-]+)/([\w-]+)/")


def bodies(message: EmailMessage) -> dict[str, str]:
    """Each part's decoded text by its type."""
    return {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in message.walk()
        if not part.is_multipart()
    }


def links_in(message: EmailMessage) -> dict[str, str]:
    """The path of each link that acts, by purpose, as the plain body shows them."""
    found = ADDRESS.finditer(bodies(message)["text/plain"])
    return {match[1]: f"/by-mail/{match[1]}/{match[2]}/" for match in found}


def content_lines(file: bytes) -> list[tuple[str, dict[str, str], str]]:
    """The lines of an .ics file as (name, parameters, value), unfolded and read strictly by RFC 5545.

    Raises AssertionError for whatever the grammar of section 3.1 does not allow.
    """
    assert file.endswith(b"\r\n")
    physical = file[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical), "a line is longer than 75 octets"
    assert not any(octet in line for line in physical for octet in (b"\r", b"\n", b"\x00"))
    logical: list[bytes] = []
    for line in physical:
        if line[:1] in (b" ", b"\t"):
            logical[-1] += line[1:]
        else:
            logical.append(line)
    return [_content_line(line.decode()) for line in logical]


_LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(?P<value>.*)", re.DOTALL)
_PARAM = re.compile(r";([A-Z-]+)=(\"[^\"]*\"|[^\";:,]*)")


def _content_line(line: str) -> tuple[str, dict[str, str], str]:
    read = _LINE.fullmatch(line)
    assert read, f"not a content line: {line[:60]!r}"
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line), "a control character"
    params = {name: value.strip('"') for name, value in _PARAM.findall(read["params"])}
    return read["name"], params, read["value"]


def text_value(value: str) -> str:
    """A TEXT value without its escapes (section 3.3.11). Raises AssertionError for a bare comma or semicolon."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value), "an unescaped comma or semicolon"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
