from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "quarterhour.core"
    label = "core"
