"""Find old signs of life without reading the whole attendance log, so that they can be removed.

Why:    a room writes two lines a minute for each person; nothing ever removed them.
Work:   one index over the heartbeats, built while people go on talking.
Order:  the previous release runs on this schema.
Back:   reversible, nothing is lost. If the build was interrupted, drop the index "heartbeats_by_age" and run again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mentoring_sessions", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            "attendanceevent",
            models.Index(fields=["at"], condition=models.Q(kind="heartbeat"), name="heartbeats_by_age"),
        ),
    ]
