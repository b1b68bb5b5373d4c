from django.apps import AppConfig


class AdviceConfig(AppConfig):
    name = "quarterhour.advice"
    label = "advice"
