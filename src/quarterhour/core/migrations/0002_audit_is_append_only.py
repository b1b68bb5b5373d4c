"""Let the database keep the audit trail as they were written.

Why:    a trail that can be edited proves nothing.
Work:   one trigger that refuses UPDATE and DELETE on the audit table; no rows are touched.
Order:  the previous release runs on this schema: it never changed the trail either.
Back:   reversible, the trigger is dropped. """

from django.db import migrations

FORWARD = """
CREATE FUNCTION quarterhour_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION quarterhour_refuse_change();
"""
BACK = """
DROP TRIGGER audit_is_append_only ON core_auditentry;
DROP FUNCTION quarterhour_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
