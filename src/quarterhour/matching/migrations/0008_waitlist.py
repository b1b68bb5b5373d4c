"""Remember who waits for a time, and the times that were kept for them.

Why:    a time that comes free goes to the best-fitting of those who wait, for a quarter of an hour each.
Work:   two new, empty tables.
Order:  the previous release runs on this schema: it does not read it.
Back:   reversible; the list is lost, sessions are not.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('matching', '0007_rung_elsewhere'),
        ('mentoring_sessions', '0004_late_and_handed_over'),
        ('needs', '0002_waiting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Waiter',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(help_text='When the question is over by its own words.')),
                ('fits', models.JSONField(default=dict)),
                ('seen', models.JSONField(default=dict)),
                ('missed', models.PositiveSmallIntegerField(default=0)),
                ('ended', models.CharField(blank=True, choices=[('booked', 'booked a time'), ('left', 'left the list'), ('silent', 'answered nothing')], default='', max_length=6)),
                ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentor', models.ForeignKey(help_text='Empty: whoever fits.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='waitlisted', to='needs.need')),
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
            name='FreedTime',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kept_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('taken', 'took it'), ('passed', 'not this one'), ('missed', 'did not answer')], default='', max_length=6)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='freed', to='mentoring_sessions.mentoringsession')),
                ('waiter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='matching.waiter')),
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
            model_name='waiter',
            index=models.Index(condition=models.Q(('ended', '')), fields=['org', 'since'], name='the_waitlist'),
        ),
        migrations.AddConstraint(
            model_name='freedtime',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('waiter',), name='one_freed_time_at_a_time'),
        ),
    ]
