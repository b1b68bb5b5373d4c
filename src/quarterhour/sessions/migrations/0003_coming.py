"""Remember who said that they will be there.

Why:    a reminder offers "I will be there", and the other side is to see it.
Work:   a new, empty table.
Order:  the previous release runs on this schema: it does not read it.
Back:   reversible; the words said are lost, sessions are not.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0002_heartbeats_by_age'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Coming',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sequence', models.PositiveIntegerField()),
                ('said_at', models.DateTimeField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comings', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('session', 'person', 'sequence'), name='one_word_each')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
