"""Keep the rankers a site grew from its own outcomes, and which of them placed a ranking.

Why:    a learned ranker has to be the same in every process, and a year later.
Work:   one new table, one empty column with an index on the kept rankings; seconds on a million of them.
Order:  before the release that writes it; the previous release runs on this schema.
Back:   reversible; what was learned is lost, the default ranker places people. """

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('matching', '0004_cohort_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='LearnedRanker',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('version', models.CharField(max_length=40)),
                ('features', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('seed', models.BigIntegerField()),
                ('heads', models.JSONField()),
                ('checksum', models.CharField(max_length=64)),
                ('report', models.JSONField()),
                ('taken', models.BooleanField()),
                ('active', models.BooleanField(default=False)),
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
        migrations.AddField(
            model_name='keptranking',
            name='learned',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matching.learnedranker'),
        ),
        migrations.AddIndex(
            model_name='learnedranker',
            index=models.Index(fields=['org', '-made_at'], name='rankers_of_an_organisation'),
        ),
        migrations.AddConstraint(
            model_name='learnedranker',
            constraint=models.UniqueConstraint(condition=models.Q(('active', True)), fields=('org',), name='one_ranker_places_at_a_time'),
        ),
    ]
