"""Keep how each session was kept, and what its two say against it.

Why:    who was there was guessed anew by every page; now it is judged once, told to both, and can be settled.
Work:   two new, empty tables and a new word for a line of the log; no row is rewritten, nobody waits.
Order:  the previous release runs on this schema and never reads the tables. Sessions that are over have no verdict.
Back:   reversible; verdicts and appeals are lost, the log they rest on stays.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0007_written_nudge'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='attendanceevent',
            name='kind',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('joined', 'Joined'), ('left', 'Left'), ('heartbeat', 'Heartbeat'), ('media_connected', 'Media Connected'), ('media_failed', 'Media Failed')], max_length=16),
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=600)),
                ('said_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='mentoring_sessions.mentoringsession')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['org', 'said_at'], name='open_appeals')],
                'constraints': [models.UniqueConstraint(fields=('session', 'person'), name='one_appeal_per_side')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='HowKept',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('word', models.CharField(choices=[('held', 'held'), ('short', 'short'), ('missed by mentor', 'missed by mentor'), ('missed by mentee', 'missed by mentee'), ('missed by both', 'missed by both'), ('technical failure', 'technical failure'), ('unknown', 'unknown')], max_length=17)),
                ('facts', models.JSONField(help_text='What it rests on, as engines.attendance found it.')),
                ('rule', models.PositiveSmallIntegerField(help_text='The version of the rule it was judged by.')),
                ('paused', models.BooleanField(default=False, help_text='Whether this miss paused the mentor.')),
                ('judged_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, help_text='When a person decided; no rule decides again.', null=True)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='how_kept', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['word'], name='sessions_by_verdict')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
