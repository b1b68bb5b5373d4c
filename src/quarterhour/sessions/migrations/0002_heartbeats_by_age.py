"""Find old signs of life without reading the whole attendance log, so that they can be removed.

Why:    a room writes two lines a minute for each person; nothing ever removed them.
Work:   one index over the heartbeats, built while people go on talking.
Order:  the previous release runs on this schema.
Back:   reversible, nothing is lost. Interrupted, it is run again.
"""

from django.db import migrations, models

from quarterhour.core.migrating import IndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mentoring_sessions", "0001_initial")]

    operations = [
        IndexBeside(
            "attendanceevent",
            models.Index(fields=["at"], condition=models.Q(kind="heartbeat"), name="heartbeats_by_age"),
        ),
    ]
