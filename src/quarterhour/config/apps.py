from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "quarterhour.config"
    label = "config"

    def ready(self) -> None:
        from quarterhour.config import wiring

        wiring.connect()
