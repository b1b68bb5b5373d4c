from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "quarterhour.notifications"
    label = "notifications"

    def ready(self) -> None:
        # The worker finds jobs in `tasks` by itself; these stand beside what they carry.
        from quarterhour.notifications import mirror_tasks  # noqa: F401
