"""Let a mentor say once where they usually meet people.

Why:    whoever has a meeting address of their own chose it anew on the page of every session.
Work:   two columns with a default kept by the database, so no row is rewritten; the check reads each row once.
Order:  the previous release runs on this schema and never reads the columns: its sessions begin in the room.
Back:   reversible; what mentors said is lost, and their sessions to come begin in the room.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('availability', '0002_outside_calendars'),
        ('core', '0002_audit_is_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='availability',
            name='meets',
            field=models.CharField(choices=[('room', 'in the room here'), ('link', 'by another link'), ('place', 'in person')], db_default='room', default='room', max_length=5),
        ),
        migrations.AddField(
            model_name='availability',
            name='where',
            field=models.CharField(blank=True, db_default='', default='', help_text='Where this mentor usually meets people.', max_length=400),
        ),
        migrations.AddConstraint(
            model_name='availability',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('meets', 'room'), ('where', '')), models.Q(models.Q(('meets', 'room'), _negated=True), models.Q(('where', ''), _negated=True)), _connector='OR'), name='the_usual_place_is_somewhere'),
        ),
    ]
