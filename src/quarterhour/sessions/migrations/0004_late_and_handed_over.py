"""Remember that a session was released at short notice, and from whom it was taken over.

Why:    both sides see that it was late; a mentor who cannot come hands the time over to somebody who can.
Work:   two columns with a default, no row is rewritten; an index on the second, empty column.
Order:  the previous release runs on this schema: the database fills in both columns for it.
Back:   reversible; the marks are lost, the audit trail keeps "late".
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentoring_sessions", "0003_coming")]

    operations = [
        migrations.AddField(
            model_name="mentoringsession",
            name="released_late",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Booked, and released at short notice."
            ),
        ),
        migrations.AddField(
            model_name="mentoringsession",
            name="instead_of",
            field=models.OneToOneField(
                blank=True,
                help_text="Taken over from.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="handed_to",
                to="mentoring_sessions.mentoringsession",
            ),
        ),
    ]
