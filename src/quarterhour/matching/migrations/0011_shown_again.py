"""Keep what it takes to show the cards of a question again a moment later, without looking for everybody anew.

Why:    people look at the same three several times within minutes, and each time cost as much as the first.
Work:   one column more with a default of the database's; no row is written.
Order:  the previous release runs on this schema: its rankings have the default, and are looked for anew.
Back:   reversible; rankings stay, and are looked for anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0010_knowledge'),
    ]

    operations = [
        migrations.AddField(
            model_name='keptranking',
            name='again',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
