from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "quarterhour.matching"
    label = "matching"
