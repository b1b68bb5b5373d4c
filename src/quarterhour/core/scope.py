"""Reading on somebody's behalf: a tenant's rows cannot be read by accident.

`Model.objects` of a tenant's table refuses to be evaluated until the question says for whom:
`visible_to(person)`, `within(org)`, or `of_every_tenant(because=...)` for the rare job that
really means all. Rows reached from a row in hand (`need.topics.all()`) need no second word.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class UnscopedAccess(RuntimeError):
    """A tenant's table was about to be read without saying on whose behalf."""


class TenantQuerySet(models.QuerySet):
    _scope: str | None = None

    def visible_to(self, person) -> Self:
        """The rows this person may see. Each model narrows `seen_by` to its own rule."""
        return self.seen_by(person)._scoped(f"visible to {person.pk}")

    def within(self, org) -> Self:
        """The rows of one organisation, given as a row or its key."""
        return self.filter(org=org)._scoped("one organisation")

    def of_every_tenant(self, *, because: str) -> Self:
        """All rows of all organisations. `because` is read by reviewers, not by machines."""
        return self._scoped(because)

    def seen_by(self, person) -> Self:
        """Without a narrower rule: whatever belongs to an organisation the person is a member of."""
        return self.filter(org__in=person.org_ids)

    def _scoped(self, why: str) -> Self:
        chained = self._chain()
        chained._scope = why
        return chained

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._scope = self._scope
        return clone

    def _refuse_unscoped(self) -> None:
        if self._scope is None and "instance" not in self._hints:
            raise UnscopedAccess(
                f"{self.model.__name__}.objects was read without saying for whom. "
                "Use visible_to(person), within(org) or of_every_tenant(because=...)."
            )

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._refuse_unscoped()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any):
        self._refuse_unscoped()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        if self._result_cache is None:
            self._refuse_unscoped()
        return super().count()

    def exists(self) -> bool:
        if self._result_cache is None:
            self._refuse_unscoped()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._refuse_unscoped()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._refuse_unscoped()
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_unscoped()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


TenantManager = models.Manager.from_queryset(TenantQuerySet)
