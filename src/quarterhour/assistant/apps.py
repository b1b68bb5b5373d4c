from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "quarterhour.assistant"
    label = "assistant"
