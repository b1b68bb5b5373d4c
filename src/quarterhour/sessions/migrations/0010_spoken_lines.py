"""Keep what two people agreed to have written down while they talked, until its card is agreed on.

Why:    captions help who does not hear well, and what was said fills the card better than notes taken in a hurry.
Work:   one new, empty table; nobody waits for it.
Order:  the previous release runs on this schema and never reads the table.
Back:   reversible; what was written down is lost, which is what becomes of it anyway.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0009_meets_elsewhere'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SpokenLine',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(max_length=2000)),
                ('at', models.DateTimeField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spoken', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['session', 'at'], name='spoken_in_order')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
