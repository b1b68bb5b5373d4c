"""Who names a skill, read from an index alone.

Why:    a question that leans towards six skills read 6,400 pages of 100,000 mentors' topics to find 120 people.
Work:   one index over the topics, built while people go on writing.
Order:  the previous release runs on this schema.
Back:   reversible, nothing is lost. Interrupted, it is run again.
"""

from django.db import migrations, models

from quarterhour.core.migrating import IndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0003_confirm_per_topic")]

    operations = [
        IndexBeside(
            "topic",
            models.Index(fields=["org", "skill"], include=["profile", "level"], name="topics_by_skill"),
        ),
    ]
