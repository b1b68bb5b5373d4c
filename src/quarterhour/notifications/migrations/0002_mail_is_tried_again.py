"""Remember how often a mail was tried, so that a mail server's bad hour costs time and no mail.

Why:    a row could only say sent or not sent; nobody knew when to try again or when to stop.
Work:   adds columns with defaults kept by the database and an index over open rows; quick at any size.
Order:  the previous release runs on this schema: it neither reads nor writes the new columns.
Back:   reversible; counts of attempts are lost, mail is not.
"""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            "sentmail",
            "due_at",
            models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                help_text="Not to be tried before; a worker at it moves it on.",
            ),
        ),
        migrations.AddField("sentmail", "attempts", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddField(
            "sentmail",
            "error",
            models.CharField(
                max_length=120, blank=True, default="", db_default="", help_text="The kind of the last error."
            ),
        ),
        migrations.AddField(
            "sentmail",
            "overtaken_at",
            models.DateTimeField(null=True, blank=True, help_text="When it turned out to be no longer true."),
        ),
        migrations.AddField("sentmail", "gave_up_at", models.DateTimeField(null=True, blank=True)),
        migrations.AlterField(
            "sentmail",
            "sent_at",
            models.DateTimeField(null=True, blank=True, help_text="When the mail server accepted it."),
        ),
        migrations.AddIndex(
            "sentmail",
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, overtaken_at=None, gave_up_at=None),
                name="mail_still_open",
            ),
        ),
    ]
