from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "quarterhour.web"
    label = "web"
