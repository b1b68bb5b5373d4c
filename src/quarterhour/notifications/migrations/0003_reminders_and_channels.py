"""Remember who is to be reminded of what, and through which channels each person wants to hear.

Why:    nobody was reminded of a session, and mail was the only way to hear of anything.
Work:   new, empty tables; sessions booked before get their reminders from the next hourly round.
Order:  the previous release runs on this schema: it reads none of it.
Back:   reversible; people's choices of channels and browsers, and which reminders went out, are lost.
"""

from datetime import time
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.manager
import quarterhour.core.ids
import quarterhour.notifications.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0003_coming'),
        ('notifications', '0002_mail_is_tried_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='sentmail',
            name='sent_at',
            field=models.DateTimeField(blank=True, help_text='When the server accepted it.', null=True),
        ),
        migrations.CreateModel(
            name='PushBrowser',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('endpoint', models.CharField(help_text='Where its push service listens.', max_length=2000)),
                ('endpoint_hash', models.CharField(max_length=64, unique=True)),
                ('p256dh', models.CharField(max_length=120)),
                ('auth', models.CharField(max_length=60)),
                ('name', models.CharField(help_text='Such as "Firefox on Linux".', max_length=60)),
                ('made_at', models.DateTimeField()),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='push_browsers', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PushKey',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('public', models.CharField(max_length=120)),
                ('sealed_private', models.CharField(max_length=400)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_push_key')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=2000)),
                ('sealed_secret', models.CharField(max_length=400)),
                ('made_at', models.DateTimeField()),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
                ('failed', models.CharField(blank=True, default='', help_text='What the last try met, if it failed.', max_length=120)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='webhook', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Wishes',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reminders', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('mail', 'Mail'), ('push', 'This browser or phone'), ('webhook', 'Webhook')], max_length=8), blank=True, default=quarterhour.notifications.models.by_mail, size=None)),
                ('bookings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('mail', 'Mail'), ('push', 'This browser or phone'), ('webhook', 'Webhook')], max_length=8), blank=True, default=quarterhour.notifications.models.by_mail, size=None)),
                ('cards', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('mail', 'Mail'), ('push', 'This browser or phone'), ('webhook', 'Webhook')], max_length=8), blank=True, default=quarterhour.notifications.models.by_mail, size=None)),
                ('quiet_from', models.TimeField(default=time(22, 0))),
                ('quiet_until', models.TimeField(default=time(7, 0))),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(help_text='Such as "invitation <session> <sequence>".', max_length=160)),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='Not to be tried before; a worker at it moves it on.')),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('error', models.CharField(blank=True, db_default='', default='', help_text='The kind of the last error.', max_length=120)),
                ('sent_at', models.DateTimeField(blank=True, help_text='When the server accepted it.', null=True)),
                ('overtaken_at', models.DateTimeField(blank=True, help_text='When it turned out to be no longer true.', null=True)),
                ('gave_up_at', models.DateTimeField(blank=True, null=True)),
                ('channel', models.CharField(choices=[('mail', 'Mail'), ('push', 'This browser or phone'), ('webhook', 'Webhook')], max_length=8)),
                ('target', models.UUIDField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(condition=models.Q(('gave_up_at', None), ('overtaken_at', None), ('sent_at', None)), fields=['due_at'], name='notices_still_open')],
                'constraints': [models.UniqueConstraint(fields=('target', 'reason'), name='one_notice_per_reason')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('day', 'day'), ('soon', 'soon')], max_length=8)),
                ('sequence', models.PositiveIntegerField(help_text='SEQUENCE of the session it is about: a move makes a new one.')),
                ('due_at', models.DateTimeField()),
                ('until', models.DateTimeField(help_text='Afterwards it is worth nothing any more.')),
                ('handed_at', models.DateTimeField(blank=True, help_text='When its messages were written down.', null=True)),
                ('overtaken_at', models.DateTimeField(blank=True, help_text='When it turned out to be no longer true.', null=True)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(condition=models.Q(('handed_at', None), ('overtaken_at', None)), fields=['due_at'], name='reminders_waiting')],
                'constraints': [models.UniqueConstraint(fields=('session', 'kind', 'person', 'sequence'), name='one_reminder_of_each_kind')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
