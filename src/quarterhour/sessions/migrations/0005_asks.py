"""Let one question be asked of several mentors at once, and remember what comes of each request.

Why:    the hours somebody asks three mentors for may overlap until the first yes; everybody else's still cannot.
Work:   claims are rewritten with a key each (a second for 100,000); requests still open are given the time they were
        asked at; two new, empty tables. Booking waits while the constraint is built, some seconds for 100,000 claims.
Order:  the previous release runs on this schema: the database fills in the keys for it. It never writes "thanked".
Back:   reversible once no question is asked of two mentors for overlapping hours; what came of requests is lost.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0004_late_and_handed_over'),
        ('needs', '0002_waiting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('read_at', models.DateTimeField(blank=True, help_text='When the mentor first saw it, signed in.', null=True)),
                ('nudged_at', models.DateTimeField(blank=True, null=True)),
                ('offered_at', models.DateTimeField(blank=True, help_text='When the mentor offered other times.', null=True)),
                ('offered', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), blank=True, default=list, help_text='Other starts, the kept one first.', size=None)),
                ('words', models.CharField(blank=True, help_text='What the mentor said with it, to the mentee.', max_length=400)),
                ('paused', models.BooleanField(default=False, help_text='Whether its silence paused the mentor.')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Silence',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('in_a_row', models.PositiveSmallIntegerField(default=0)),
                ('paused_at', models.DateTimeField(blank=True, help_text='When this paused them; empty once they are back.', null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='timeclaim',
            name='a_person_is_in_one_place_at_a_time',
        ),
        migrations.AddField(
            model_name='mentoringsession',
            name='asked_at',
            field=models.DateTimeField(blank=True, help_text='When the mentor was asked; empty: booked at once.', null=True),
        ),
        migrations.AddField(
            model_name='timeclaim',
            name='together',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), help_text="A question's key while it is asked, else its own."),
        ),
        migrations.RunSQL(
            "UPDATE mentoring_sessions_mentoringsession SET asked_at = created_at"
            " WHERE status IN ('asked', 'declined', 'expired')",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='mentoringsession',
            name='status',
            field=models.CharField(choices=[('held', 'held for you'), ('asked', 'waiting for a yes'), ('confirmed', 'booked'), ('ended', 'over'), ('cancelled', 'released'), ('declined', 'declined'), ('expired', 'not answered in time'), ('dropped', 'not taken'), ('thanked', 'somebody else said yes first')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='mentoringsession',
            index=models.Index(condition=models.Q(('status', 'asked')), fields=['asked_at'], name='requests_by_age'),
        ),
        migrations.AddConstraint(
            model_name='timeclaim',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('during', '&&'), ('together', '<>')], name='a_person_is_in_one_place_at_a_time'),
        ),
        migrations.AddField(
            model_name='ask',
            name='org',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddField(
            model_name='ask',
            name='passed_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ask',
            name='session',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='ask', to='mentoring_sessions.mentoringsession'),
        ),
        migrations.AddField(
            model_name='silence',
            name='mentor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='silence',
            name='org',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddConstraint(
            model_name='ask',
            constraint=models.CheckConstraint(condition=models.Q(('offered__len__lte', 3)), name='three_other_times_at_most'),
        ),
        migrations.AddConstraint(
            model_name='silence',
            constraint=models.UniqueConstraint(fields=('org', 'mentor'), name='one_silence_per_mentor'),
        ),
    ]
