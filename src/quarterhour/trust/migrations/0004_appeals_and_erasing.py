"""Let whoever was judged answer once, and let what there was to read go, some time after the last decision.

Why:    a decision somebody cannot answer is no fair one, and what was written in a quarrel is not kept for ever.
Work:   one new table, two empty columns, one function and five triggers; no rows are touched.
Order:  the previous release runs on this schema; it reminds nobody, erases nothing, and knows no appeal.
Back:   reversible; appeals and what was decided on them are lost, what was erased stays erased.
"""

import django.db.models.deletion
import django.db.models.manager
import quarterhour.core.ids
from django.db import migrations, models


# A report and an appeal are marked once, and erased once; nothing else of them changes.
FORWARD = """
CREATE FUNCTION quarterhour_report_is_marked_or_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['reminded_at', 'erased_at', 'text', 'evidence'];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    report uuid := coalesce(before->>'report_id', before->>'id')::uuid;
BEGIN
    IF before - may_change <> after - may_change
       OR (OLD.reminded_at IS NOT NULL AND OLD.reminded_at IS DISTINCT FROM NEW.reminded_at) THEN
        RAISE EXCEPTION 'Reports and their answers are append-only.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF before - 'reminded_at' = after - 'reminded_at' THEN
        RETURN NEW;
    END IF;
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.text = ''
       AND coalesce(after->'evidence', '{}') = '{}'
       AND EXISTS (SELECT FROM trust_reportanswer answer WHERE answer.report_id = report) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Reports and their answers are append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER reports_are_append_only ON trust_report;
CREATE TRIGGER reports_are_append_only BEFORE DELETE ON trust_report
    FOR EACH ROW EXECUTE FUNCTION quarterhour_refuse_change_of_report();
CREATE TRIGGER reports_are_marked_or_erased BEFORE UPDATE ON trust_report
    FOR EACH ROW EXECUTE FUNCTION quarterhour_report_is_marked_or_erased();
CREATE TRIGGER report_appeals_are_append_only BEFORE DELETE ON trust_reportappeal
    FOR EACH ROW EXECUTE FUNCTION quarterhour_refuse_change_of_report();
CREATE TRIGGER report_appeals_are_marked_or_erased BEFORE UPDATE ON trust_reportappeal
    FOR EACH ROW EXECUTE FUNCTION quarterhour_report_is_marked_or_erased();
"""
BACK = """
DROP TRIGGER report_appeals_are_marked_or_erased ON trust_reportappeal;
DROP TRIGGER report_appeals_are_append_only ON trust_reportappeal;
DROP TRIGGER reports_are_marked_or_erased ON trust_report;
DROP TRIGGER reports_are_append_only ON trust_report;
CREATE TRIGGER reports_are_append_only BEFORE UPDATE OR DELETE ON trust_report
    FOR EACH ROW EXECUTE FUNCTION quarterhour_refuse_change_of_report();
DROP FUNCTION quarterhour_report_is_marked_or_erased();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('trust', '0003_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='reminded_at',
            field=models.DateTimeField(blank=True, help_text='When whoever judges heard that it is late.', null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='erased_at',
            field=models.DateTimeField(blank=True, help_text='Since then its words and its evidence are gone.', null=True),
        ),
        migrations.AlterField(
            model_name='reportanswer',
            name='outcome',
            field=models.CharField(choices=[('nothing', 'No rule was broken'), ('warned', 'A word in private'), ('suspended', 'The account is closed'), ('lifted', 'The account is open again'), ('stands', 'It stands, after an appeal'), ('undone', 'Taken back, after an appeal')], max_length=9),
        ),
        migrations.CreateModel(
            name='ReportAppeal',
            fields=[
                ('id', models.UUIDField(default=quarterhour.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(blank=True, max_length=2000)),
                ('said_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(blank=True, help_text='When whoever decides heard that it is late.', null=True)),
                ('erased_at', models.DateTimeField(blank=True, help_text='Since then its words are gone.', null=True)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='trust.report')),
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
        migrations.RunSQL(FORWARD, BACK),
    ]
