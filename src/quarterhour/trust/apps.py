from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "quarterhour.trust"
    label = "trust"
