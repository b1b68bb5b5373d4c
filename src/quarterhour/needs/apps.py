from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "quarterhour.needs"
    label = "needs"
