"""The audit trail: privileged acts and what changed hands, never what was said."""

from __future__ import annotations

from datetime import datetime

from quarterhour.core.models import AuditEntry


def note(*, act: str, on: str, by: str, org_id=None, now: datetime, **detail: object) -> None:
    """Add one line. `on` names the row ("session 0192..."), `by` the person's key or "system"."""
    AuditEntry.objects.create(org_id=org_id, actor_key=by, act=act, on=on, detail=detail, at=now)
