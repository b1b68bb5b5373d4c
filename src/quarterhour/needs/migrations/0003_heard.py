"""Keep with a question whose advice its person has already.

Why:    another view of a decision is looked for among people whose advice does not lie on its board.
Work:   one column with a default in the database; nothing is rewritten.
Order:  before the release that reads it; the previous one leaves it empty.
Back:   reversible; another view may find the same person again. """

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('needs', '0002_waiting'),
    ]

    operations = [
        migrations.AddField(
            model_name='need',
            name='heard',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, db_default=[], default=list, help_text='Whose advice they have on this already.', size=None),
        ),
    ]
