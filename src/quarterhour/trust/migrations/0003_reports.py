"""Keep what people report, with what there was to see, and what was decided, as it was written.

Why:    who reports somebody has to rely on it that nothing of it changes, and so has the one it is about.
Work:   two new tables and a trigger on each; no rows are touched.
Order:  the previous release runs on this schema and never looks at them.
Back:   reversible; the reports are lost, so take them out before.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION quarterhour_refuse_change_of_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Reports and their answers are append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reports_are_append_only BEFORE UPDATE OR DELETE ON trust_report
    FOR EACH ROW EXECUTE FUNCTION quarterhour_refuse_change_of_report();
CREATE TRIGGER report_answers_are_append_only BEFORE UPDATE OR DELETE ON trust_reportanswer
    FOR EACH ROW EXECUTE FUNCTION quarterhour_refuse_change_of_report();
"""
BACK = """
DROP TRIGGER report_answers_are_append_only ON trust_reportanswer;
DROP TRIGGER reports_are_append_only ON trust_report;
DROP FUNCTION quarterhour_refuse_change_of_report();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0010_spoken_lines'),
        ('trust', '0002_follow_ups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('because', models.CharField(choices=[('rude', 'Insulting or threatening'), ('advances', 'Unwanted advances'), ('selling', 'Selling something, or asking for money'), ('false', 'Not who they say they are'), ('other', 'Something else')], max_length=8)),
                ('text', models.TextField(blank=True, max_length=4000)),
                ('evidence', models.JSONField(help_text='What there was to see, as trust.evidence took it down.')),
                ('fingerprint', models.CharField(help_text='SHA-256 of all of it; the audit trail keeps it as well.', max_length=64)),
                ('made_at', models.DateTimeField()),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentoring_sessions.mentoringsession')),
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
            name='ReportAnswer',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('nothing', 'No rule was broken'), ('warned', 'A word in private'), ('suspended', 'The account is closed'), ('lifted', 'The account is open again')], max_length=9)),
                ('words', models.TextField(blank=True, help_text='As the one it is about reads them.', max_length=2000)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='trust.report')),
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
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['org', 'made_at'], name='reports_by_age'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['session', 'reporter'], name='reports_of_a_session'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('reporter', models.F('about')), _negated=True), name='nobody_reports_themselves'),
        ),
        migrations.AddConstraint(
            model_name='reportanswer',
            constraint=models.UniqueConstraint(fields=('report', 'outcome'), name='each_outcome_once_per_report'),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
