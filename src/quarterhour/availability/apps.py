from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "quarterhour.availability"
    label = "availability"
