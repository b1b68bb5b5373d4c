"""Keep what an assistant said to a question while its person waits for a mentor; removed after hours.

Why:    the answer comes by a job, because a page never waits for a server outside.
Work:   one new, empty table.
Order:  the previous release runs on this schema and asks no assistant.
Back:   reversible; what was said within the last hours is lost.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('needs', '0002_waiting'),
    ]

    operations = [
        migrations.CreateModel(
            name='Thoughts',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('words', models.TextField(default='')),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                ('told', models.CharField(default='', max_length=300)),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='needs.need')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['asked_at'], name='thoughts_by_age')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
