"""Let mentors choose for each topic whether a booking confirms at once or asks them first.

Why:    somebody may give away "CV review" at a press, and want to look at "leaving a job" before they say yes.
Work:   one column with a default, no row is rewritten. Empty means what the profile says, as until now.
Order:  the previous release runs on this schema: the database fills in the column for it.
Back:   reversible; the choices made for single topics are lost, and the profile's own word counts again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_blocks")]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="confirm",
            field=models.CharField(
                blank=True,
                choices=[("instant", "Bookings confirm at once"), ("ask", "Ask me first")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
    ]
