"""Keep decisions: options, the advice laid on them, what people say of two pieces, guests and their comments.

Why:    advice of several sessions has nowhere to lie side by side, and a choice nowhere to be looked back on.
Work:   six new, empty tables.
Order:  the previous release runs on this schema: it does not read them. It writes a card's advice as new rows, so
        what it writes meanwhile has to be laid on its decision anew.
Back:   reversible; decisions are lost, cards are not.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advice', '0001_initial'),
        ('core', '0002_audit_is_append_only'),
        ('needs', '0002_waiting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('question', models.CharField(max_length=400)),
                ('context', models.TextField(blank=True, max_length=4000)),
                ('criteria', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
                ('decide_by', models.DateField(blank=True, null=True)),
                ('advisers_place', models.BooleanField(default=False, help_text='Who gave advice on its need may say where their own advice stands.')),
                ('weights', models.JSONField(blank=True, default=dict, help_text="By mentor's key; who is not in it counts 1.")),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('look_back_on', models.DateField(blank=True, null=True)),
                ('look_back_round', models.PositiveSmallIntegerField(default=0, help_text='Grows when the day is moved.')),
                ('asked_back_at', models.DateTimeField(blank=True, help_text='When we asked how it went; once a round.', null=True)),
                ('not_asked_at', models.DateTimeField(blank=True, help_text='When the person wanted not to be asked.', null=True)),
                ('outcome', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(4)])),
                ('outcome_words', models.TextField(blank=True, max_length=2000)),
                ('looked_back_at', models.DateTimeField(blank=True, null=True)),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='needs.need')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('also', models.ManyToManyField(blank=True, help_text='Asked for another view.', related_name='+', to='needs.need')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to=settings.AUTH_USER_MODEL)),
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
            name='Comment',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(max_length=2000)),
                ('at', models.DateTimeField()),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='advice.decision')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Option',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='advice.decision')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='LaidPiece',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(blank=True, choices=[('for', 'For'), ('against', 'Against'), ('depends', 'Depends'), ('beside', 'On how to go about it')], max_length=7)),
                ('condition', models.CharField(blank=True, help_text='When it holds.', max_length=400)),
                ('assumption', models.CharField(blank=True, help_text='What it takes for granted.', max_length=400)),
                ('confidence', models.CharField(blank=True, choices=[('low', 'Not sure'), ('medium', 'Fairly sure'), ('high', 'Very sure')], max_length=6)),
                ('change_mind', models.CharField(blank=True, help_text="What would change the mentor's mind.", max_length=400)),
                ('version', models.PositiveIntegerField(default=1)),
                ('laid_at', models.DateTimeField()),
                ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='laid', to='advice.decision')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('piece', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='laid', to='advice.advicepiece')),
                ('placed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('option', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='laid', to='advice.option')),
            ],
            options={
                'ordering': ['laid_at', 'pk'],
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='decision',
            name='chosen',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='advice.option'),
        ),
        migrations.CreateModel(
            name='PerspectiveLabel',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('word', models.CharField(choices=[('conflict', 'Conflict'), ('dismissed', 'Dismissed')], max_length=9)),
                ('proposed', models.FloatField(blank=True, help_text='The chance the detector gave; none where exact.', null=True)),
                ('said_at', models.DateTimeField()),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='advice.laidpiece')),
                ('b', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='advice.laidpiece')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='advice.decision')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
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
            name='Guest',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('others', models.BooleanField(default=False)),
                ('may_comment', models.BooleanField(default=False)),
                ('since', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='advice.decision')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('decision', 'mentor'), name='one_guest_per_mentor')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name='laidpiece',
            constraint=models.UniqueConstraint(fields=('decision', 'piece'), name='one_place_per_piece'),
        ),
        migrations.AddConstraint(
            model_name='laidpiece',
            constraint=models.CheckConstraint(condition=models.Q(('option', None), ('side__in', ['for', 'against', 'depends']), _connector='OR'), name='an_option_has_a_side'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['org', 'owner', '-changed_at'], name='decisions_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('asked_back_at', None), ('looked_back_at', None), ('not_asked_at', None)), fields=['look_back_on'], name='decisions_to_look_back_on'),
        ),
        migrations.AddConstraint(
            model_name='perspectivelabel',
            constraint=models.UniqueConstraint(fields=('a', 'b'), name='one_label_per_pair'),
        ),
        migrations.AddConstraint(
            model_name='perspectivelabel',
            constraint=models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='a_pair_has_one_order'),
        ),
    ]
