"""Let an answer in writing lie on a decision, beside advice from cards.

Why:    what somebody wrote to a question is advice on it, and was missing on its board.
Work:   a new column, empty everywhere; `piece` may be empty from now on; no row is rewritten. The check of the table
        reads its rows once, a moment for a million.
Order:  the previous release runs on this schema, but cannot show a board on which an answer lies: let no old
        process run once a new one does.
Back:   reversible; answers that lie on boards are taken off first.
"""

import django.db.models.deletion
from django.db import migrations, models


def take_answers_off(apps, schema_editor):
    apps.get_model("advice", "LaidPiece").plain.using(schema_editor.connection.alias).filter(piece=None).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end would keep the column as it is


class Migration(migrations.Migration):
    dependencies = [
        ("advice", "0003_action_answers"),
        ("mentoring_sessions", "0010_spoken_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="laidpiece",
            name="piece",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="laid", to="advice.advicepiece"),
        ),
        migrations.RunPython(migrations.RunPython.noop, take_answers_off),
        migrations.AddField(
            model_name="laidpiece",
            name="answer",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="laid", to="mentoring_sessions.writtenask"),
        ),
        migrations.AddConstraint(
            model_name="laidpiece",
            constraint=models.UniqueConstraint(fields=("decision", "answer"), name="one_place_per_written_answer"),
        ),
        migrations.AddConstraint(
            model_name="laidpiece",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("answer__isnull", False), ("piece", None)), models.Q(("answer", None), ("piece__isnull", False)), _connector="OR"),
                name="advice_lies_from_a_card_or_in_writing",
            ),
        ),
    ]
