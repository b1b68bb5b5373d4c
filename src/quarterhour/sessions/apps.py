from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "quarterhour.sessions"
    label = "mentoring_sessions"
