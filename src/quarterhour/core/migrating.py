"""Steps of migrations that can be run again after they were interrupted, and wait in nobody's way."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently


class IndexBeside(AddIndexConcurrently):
    """Builds an index while people go on writing. What was interrupted is built anew, what stands is left alone.

    It waits for transactions that began before it as long as they last: nobody waits behind it meanwhile.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [self.index.name])
            found = cursor.fetchone()
            if found == (True,):
                return
            cursor.execute("SHOW lock_timeout")
            (before,) = cursor.fetchone()
            cursor.execute("SET lock_timeout = 0")
            try:
                if found:
                    quoted = schema_editor.connection.ops.quote_name(self.index.name)
                    cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}")
                super().database_forwards(app_label, schema_editor, from_state, to_state)
            finally:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
