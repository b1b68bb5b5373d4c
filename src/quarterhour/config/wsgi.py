"""The pages' entry: `granian --interface wsgi quarterhour.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterhour.config.settings")
application = get_wsgi_application()

from quarterhour.config.warm import warm  # noqa: E402 - needs the applications above

warm()
