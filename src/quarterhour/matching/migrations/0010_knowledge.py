"""Keep what an organisation knows: consents, the words its people let others find, and who tried them.

Why:    advice can be found by nobody but the two who talked.
Work:   three new, empty tables.
Order:  the previous release runs on this schema: it does not read them. A card it changes meanwhile has another
        version or other words, and what was shared of it is not shown until both allow it again.
Back:   reversible; what was shared is lost, cards are not.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.manager
import pgvector.django.halfvec
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advice', '0002_decisions'),
        ('core', '0002_audit_is_append_only'),
        ('matching', '0009_wider_graph'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedPiece',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('said', models.TextField()),
                ('said_when', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField(max_length=2000)),
                ('applies_when', models.CharField(blank=True, max_length=400)),
                ('keep', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2000), blank=True, default=list, size=None)),
                ('language', models.CharField(max_length=12)),
                ('shared_at', models.DateTimeField()),
                ('words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('vector', pgvector.django.halfvec.HalfVectorField(dimensions=384, null=True)),
                ('asked', pgvector.django.halfvec.HalfVectorField(dimensions=384, null=True)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('piece', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shared', to='advice.advicepiece')),
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
            name='Tried',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('helped', models.BooleanField()),
                ('reason', models.CharField(blank=True, help_text='For whom it did not, cleaned.', max_length=200)),
                ('at', models.DateTimeField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shared', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tried', to='matching.sharedpiece')),
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
            name='KnowledgeConsent',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(help_text='Of the card they saw.')),
                ('at', models.DateTimeField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('takeaway', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='knowledge_consents', to='advice.takeaway')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('takeaway', 'person'), name='one_knowledge_consent_per_side')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name='sharedpiece',
            index=models.Index(fields=['org', '-shared_at'], name='shared_latest_first'),
        ),
        migrations.AddIndex(
            model_name='sharedpiece',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='shared_by_word'),
        ),
        migrations.AddConstraint(
            model_name='tried',
            constraint=models.UniqueConstraint(fields=('shared', 'person'), name='one_try_per_person'),
        ),
    ]
