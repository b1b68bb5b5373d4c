"""Keep each pairing of a cohort, so that two can be compared.

Why:    a manager changes a rule and wants to see what it changed.
Work:   one new table, nothing to fill.
Order:  before the release that writes it.
Back:   reversible; the runs kept so far are lost. """

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('matching', '0003_kept_rankings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CohortRun',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('doing', 'Doing'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('step', models.PositiveSmallIntegerField(default=0, help_text='Steps behind it, of those the page names.')),
                ('told', models.CharField(blank=True, help_text='Why it came to nothing.', max_length=400)),
                ('rules', models.JSONField()),
                ('mentees', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('places', models.JSONField()),
                ('pairs', models.JSONField(default=list)),
                ('alone', models.JSONField(default=list)),
                ('total', models.FloatField(default=0.0)),
                ('worst_tenth', models.FloatField(default=0.0)),
                ('plain_worst', models.FloatField(default=0.0)),
                ('given_up', models.FloatField(default=0.0)),
                ('seconds', models.FloatField(default=0.0)),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='matching.cohortrun')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['org', '-made_at'], name='cohorts_of_an_organisation')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
