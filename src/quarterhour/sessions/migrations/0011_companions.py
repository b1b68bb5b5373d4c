"""Keep who one of the two brings along to a session, asked by mail and let in once they accepted.

Why:    a co-founder or a colleague may be in the room, up to four people in all, and either of the two may say no.
Work:   one new, empty table; nobody waits for it.
Order:  the previous release runs on this schema and never reads the table: it lets nobody in but the two.
Back:   reversible; whoever was asked along is forgotten, and their links do nothing any more.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0010_spoken_lines'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Companion',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(help_text='Where they were asked, as people.rules.address writes it.', max_length=254)),
                ('asked_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('out_at', models.DateTimeField(blank=True, help_text='Refused, taken out, or gone by themselves.', null=True)),
                ('brought_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('out_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, help_text='Their account, once they accepted.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='companions', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['asked_at'], name='companions_by_age')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('out_at', None)), fields=('session', 'email'), name='asked_along_once'), models.UniqueConstraint(condition=models.Q(('out_at', None)), fields=('session', 'person'), name='along_once'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('person', None)), models.Q(('accepted_at__isnull', False), ('person__isnull', False)), _connector='OR'), name='who_accepted_has_an_account')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
