"""Let a question wait for somebody, and keep who came up for it.

Why:    where nobody fits, people are told once somebody does, instead of coming back to look.
Work:   two new tables, nothing to fill.
Order:  before the release that reads them.
Back:   reversible; those who wait are forgotten, and hear no more. """

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('needs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(help_text='When the question is over by its own words.')),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='needs.need')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('found_at', models.DateTimeField()),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('waiting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prospects', to='needs.waiting')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name='waiting',
            index=models.Index(condition=models.Q(('stopped_at', None)), fields=['org', 'until'], name='questions_that_wait'),
        ),
        migrations.AddConstraint(
            model_name='prospect',
            constraint=models.UniqueConstraint(fields=('waiting', 'mentor'), name='one_prospect_per_mentor'),
        ),
    ]
