"""Remember which sessions stand in whose CalDAV calendar, so that they move and go with the session.

Why:    an invitation by mail waits until its mentor has opened it; an entry in the calendar is simply there.
Work:   one new, empty table.
Order:  the previous release runs on this schema and writes into no calendar.
Back:   reversible; entries that were written stay in people's calendars and no longer follow.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('availability', '0002_outside_calendars'),
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0003_coming'),
        ('notifications', '0003_reminders_and_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='MirroredSession',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tag', models.CharField(blank=True, help_text='The ETag of what we wrote last.', max_length=300)),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(help_text='When the calendar last stood as the session does.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('gave_up_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, help_text='Why it could not be written, in a sentence.', max_length=400)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mirrors', to='availability.outsidecalendar')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mirrors', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('gave_up_at', None)), fields=['due_at'], name='mirrors_still_open')],
                'constraints': [models.UniqueConstraint(fields=('session', 'calendar'), name='one_mirror_in_each_calendar')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
