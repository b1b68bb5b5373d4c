from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "quarterhour.notifications"
    label = "notifications"
