"""Let a question be answered in writing, by one mentor, without a time.

Why:    whoever finds no time that suits asks in writing, and has the answer and whether it helped on the question's page.
Work:   one new, empty table; nobody waits for it.
Order:  the previous release runs on this schema and never reads the table.
Back:   reversible; what was asked and answered in writing is lost.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0005_asks'),
        ('needs', '0002_waiting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WrittenAsk',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', 'waiting for an answer'), ('answered', 'answered'), ('declined', 'declined'), ('expired', 'not answered in time'), ('withdrawn', 'taken back')], default='asked', max_length=9)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, help_text='When it was answered, or closed without.', null=True)),
                ('answer', models.TextField(blank=True, max_length=10000)),
                ('would_talk', models.BooleanField(default=False, help_text='The mentor would also talk about it.')),
                ('note', models.CharField(blank=True, help_text='Why it was declined, for us alone.', max_length=400)),
                ('quarters', models.PositiveSmallIntegerField(blank=True, help_text='How much the answer helped, 0 to 4.', null=True)),
                ('rated_at', models.DateTimeField(blank=True, null=True)),
                ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='written_asks', to='needs.need')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['answer_by'], name='written_asks_by_end'), models.Index(fields=['mentor', 'state'], name='written_asks_of_a_mentor'), models.Index(fields=['mentee', 'asked_at'], name='written_asks_of_a_mentee')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('need', 'mentor'), name='one_open_written_ask_per_mentor'), models.CheckConstraint(condition=models.Q(('mentor', models.F('mentee')), _negated=True), name='nobody_writes_to_themselves'), models.CheckConstraint(condition=models.Q(('quarters__lte', 4)), name='a_written_answer_helps_four_quarters_at_most'), models.CheckConstraint(condition=models.Q(('state', 'answered'), ('quarters__isnull', True), _connector='OR'), name='only_an_answer_can_have_helped')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
