"""Keep whom we ask what became of a session, a week and a month later, and what they answer.

Why:    help was counted from what people said in the minute after a conversation; whether it worked shows later.
Work:   one new, empty table. Sessions of the last weeks are looked up by a timer, so nobody waits.
Order:  the previous release runs on this schema and asks nobody.
Back:   reversible; answers given a week and a month later are lost, those on the cards stay.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0008_how_kept'),
        ('trust', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('week', 'week'), ('month', 'month')], max_length=5)),
                ('due_at', models.DateTimeField()),
                ('until', models.DateTimeField(help_text='Afterwards nobody is asked any more.')),
                ('handed_at', models.DateTimeField(blank=True, help_text='When its messages were written down.', null=True)),
                ('overtaken_at', models.DateTimeField(blank=True, help_text='When there was nothing to ask about, or stop.', null=True)),
                ('quarters', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='mentoring_sessions.mentoringsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(condition=models.Q(('handed_at', None), ('overtaken_at', None)), fields=['due_at'], name='follow_ups_waiting')],
                'constraints': [models.UniqueConstraint(fields=('session', 'person', 'kind'), name='one_follow_up_of_each_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['week', 'month'])), name='nobody_is_asked_a_third_time'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('quarters', None)), models.Q(('answered_at__isnull', False), ('quarters__lte', 4)), _connector='OR'), name='an_answer_has_four_quarters_at_most')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
