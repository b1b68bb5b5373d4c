"""Keep with a report whoever was in that room, so that none of them judges it, also when nobody else knows any more.

Why:    who came along to a session is forgotten after thirty days, and evidence is erased after half a year.
Work:   one column with a default in the database, filled once from sessions, companions and evidence; reports are few.
Order:  before the release that reads it; what the previous one keeps meanwhile has it empty, and excludes whom it knows.
Back:   reversible; who came along is known from companions alone again. """

import django.contrib.postgres.fields
from django.db import migrations, models


# The trigger lets nothing of a report change, so it is off for this one statement.
FORWARD = """
ALTER TABLE trust_report DISABLE TRIGGER reports_are_marked_or_erased;
UPDATE trust_report report SET inside = ARRAY[session.mentor_id, session.mentee_id]
    || ARRAY(SELECT (each->>'person')::uuid FROM jsonb_array_elements(report.evidence->'along') each
             UNION SELECT companion.person_id FROM mentoring_sessions_companion companion
             WHERE companion.session_id = session.id AND companion.person_id IS NOT NULL)
    FROM mentoring_sessions_mentoringsession session WHERE session.id = report.session_id;
ALTER TABLE trust_report ENABLE TRIGGER reports_are_marked_or_erased;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring_sessions', '0011_companions'),
        ('trust', '0004_appeals_and_erasing'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='inside',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, db_default=[], default=list, help_text='Whoever was in that room: the two, and who came along. None of them judges it, ever.', size=None),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
