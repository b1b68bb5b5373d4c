"""Let whoever took an action on move its day, say why it was dropped, and say whether doing it helped.

Why:    a date on a card is what two people agreed on; what became of it belongs to its owner.
Work:   a new column that is empty everywhere, and one new, empty table; no row is rewritten.
Order:  the previous release runs on this schema and shows the agreed day.
Back:   reversible; days that were moved, reasons and answers are lost, fates stay.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advice', '0002_decisions'),
        ('core', '0002_audit_is_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='action',
            name='moved_to',
            field=models.DateField(blank=True, help_text='The day its owner chose later; the agreed one stays on the card.', null=True),
        ),
        migrations.CreateModel(
            name='ActionAnswer',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('quarters', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('why', models.CharField(blank=True, choices=[('solved', 'It solved itself'), ('other_first', 'Something else came first'), ('not_my_case', 'It does not fit my case'), ('too_big', 'It was too big'), ('tried', 'I tried, and it did not work'), ('other', 'Something else')], max_length=12)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('at', models.DateTimeField()),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='advice.action')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('action', 'person'), name='one_answer_per_owner_of_an_action'), models.CheckConstraint(condition=models.Q(('quarters', None), ('quarters__lte', 4), _connector='OR'), name='an_action_helped_four_at_most')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
