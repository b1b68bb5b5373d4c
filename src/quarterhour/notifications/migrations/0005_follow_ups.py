"""Let people choose how they are asked what became of a session, and reminded of what they took on.

Why:    two new kinds of news, each of which has to end with one press.
Work:   two columns, filled from the choice for reminders: who wants none of those wants none of these. One row for
        each person who ever chose; a new, empty table of actions somebody was reminded of.
Order:  the previous release runs on this schema: rows it writes have both by mail.
Back:   reversible; who stopped either is asked again once it runs forward anew.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
import quarterhour.notifications.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advice', '0003_action_answers'),
        ('core', '0002_audit_is_append_only'),
        ('notifications', '0004_mirrors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='wishes',
            name='actions',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('mail', 'Mail'), ('push', 'This browser or phone'), ('webhook', 'Webhook')], max_length=8), blank=True, db_default=['mail'], default=quarterhour.notifications.models.by_mail, size=None),
        ),
        migrations.AddField(
            model_name='wishes',
            name='follow_ups',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('mail', 'Mail'), ('push', 'This browser or phone'), ('webhook', 'Webhook')], max_length=8), blank=True, db_default=['mail'], default=quarterhour.notifications.models.by_mail, size=None),
        ),
        migrations.RunSQL(
            "UPDATE notifications_wishes SET actions = reminders, follow_ups = reminders", migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name='ActionReminder',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('handed_at', models.DateTimeField(help_text='When its messages were written down.')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='advice.action')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('action', 'person', 'day'), name='one_reminder_of_an_action_a_day')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
