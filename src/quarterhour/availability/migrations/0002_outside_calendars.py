"""Room for the calendars that people keep elsewhere, and for the time in them that is gone.

Why:    a mentor whose other calendar we do not know is booked into their meetings.
Work:   four new tables, empty; nothing that stands is touched. The busy time of a calendar is one row with one
        multirange, so that reading it anew is one update.
Order:  the previous release runs on this schema and knows nothing of it: it offers time that is busy elsewhere.
Back:   reversible; addresses and passwords people gave are lost and have to be typed again.
"""


import django.contrib.postgres.fields
import django.db.models.deletion
import quarterhour.availability.calendar_models
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('availability', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarAccount',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('shown', models.CharField(help_text='Server and user, as a page may show them.', max_length=300)),
                ('sealed', models.TextField(help_text='Address, user and password.')),
                ('found', models.JSONField(default=list, help_text='Its calendars: [{"name": "Work", "address": "https://..."}].')),
                ('added_at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(help_text='When its calendars were listed last.', null=True)),
                ('problem', models.CharField(blank=True, help_text='Why they could not be, in a sentence.', max_length=400)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_accounts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OutsideCalendar',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('ics', 'ICS address'), ('caldav', 'CalDAV')], max_length=8)),
                ('name', models.CharField(max_length=120)),
                ('shown', models.CharField(help_text="The server's name: all of the address that a page may show.", max_length=300)),
                ('sealed', models.TextField(help_text='The address; that of an ICS calendar is a secret.')),
                ('tentative', models.BooleanField(default=True, help_text='Whether what is not certain counts as busy.')),
                ('unanswered', models.BooleanField(default=True, help_text='Whether invitations without an answer count as busy.')),
                ('known_as', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=320), default=list, help_text='Where its owner is invited.', size=None)),
                ('written', models.BooleanField(default=False, help_text='Whether sessions are written into it.')),
                ('added_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='When it is read next.')),
                ('tag', models.CharField(blank=True, help_text="The owner's zone, and what the server calls the state we know.", max_length=300)),
                ('read_at', models.DateTimeField(help_text='When we last knew how it stands.', null=True)),
                ('whole_at', models.DateTimeField(help_text='When it was last read as a whole.', null=True)),
                ('failed_at', models.DateTimeField(help_text='The last time it could not be read, since it last could.', null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, help_text='Why it could not, in a sentence.', max_length=400)),
                ('warnings', models.JSONField(default=list, help_text='Sentences about what was not clear in it.')),
                ('events', models.PositiveIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outside_calendars', to=settings.AUTH_USER_MODEL)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calendars', to='availability.calendaraccount')),
            ],
            options={
                'ordering': ['added_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('secret_hash', models.CharField(help_text='What the address is found by.', max_length=64, unique=True)),
                ('sealed', models.TextField(help_text='The secret, so that its owner can be shown the address again.')),
                ('busy_only', models.BooleanField(default=False, help_text='Whether it tells neither names nor questions.')),
                ('made_at', models.DateTimeField()),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BusyTime',
            fields=[
                ('calendar', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='busy_time', serialize=False, to='availability.outsidecalendar')),
                ('busy', quarterhour.availability.calendar_models.Multirange()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='outsidecalendar',
            index=models.Index(fields=['due_at'], name='calendars_by_turn'),
        ),
        migrations.AddConstraint(
            model_name='outsidecalendar',
            constraint=models.UniqueConstraint(condition=models.Q(('written', True)), fields=('person',), name='sessions_are_written_into_one_calendar'),
        ),
    ]
