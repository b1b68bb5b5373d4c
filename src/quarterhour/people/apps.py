from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "quarterhour.people"
    label = "people"
