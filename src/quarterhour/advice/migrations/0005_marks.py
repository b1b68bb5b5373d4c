"""Let somebody mark each option by each thing that matters to them, and say what each of those counts.

Why:    the things that matter stood beside the board, and nothing could be done with them.
Work:   two new columns with a constant default; no row is rewritten.
Order:  the previous release runs on this schema; a decision changed there keeps marks whose criterion is gone, and
        they are not shown.
Back:   reversible; marks and what each criterion counts are lost.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advice", "0004_answers_on_boards")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="marks",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text="By option's key and criterion: -2 to 2."),
        ),
        migrations.AddField(
            model_name="decision",
            name="criterion_weights",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text="By criterion; what is not in it counts 1."),
        ),
    ]
