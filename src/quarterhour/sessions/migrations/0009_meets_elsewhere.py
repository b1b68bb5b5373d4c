"""Let two people meet by another link or in person, with the room beside it.

Why:    an organisation has a meeting tool of its own, and two people of one town have a café.
Work:   two columns with a default kept by the database, so no row is rewritten; the check reads each session once.
Order:  the previous release runs on this schema and never reads the columns: it sends people to the room.
Back:   reversible; where people meet is lost, and everybody meets in the room again.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_audit_is_append_only'),
        ('mentoring_sessions', '0008_how_kept'),
        ('needs', '0002_waiting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mentoringsession',
            name='meets',
            field=models.CharField(choices=[('room', 'in the room here'), ('link', 'by another link'), ('place', 'in person')], db_default='room', default='room', max_length=5),
        ),
        migrations.AddField(
            model_name='mentoringsession',
            name='where',
            field=models.CharField(blank=True, db_default='', default='', help_text='The address of another meeting, or the place.', max_length=400),
        ),
        migrations.AddConstraint(
            model_name='mentoringsession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('meets', 'room'), ('where', '')), models.Q(models.Q(('meets', 'room'), _negated=True), models.Q(('where', ''), _negated=True)), _connector='OR'), name='elsewhere_is_somewhere'),
        ),
    ]
