from django.db import migrations, models


class Migration(migrations.Migration):
    """A number by which a session's owner is told of it. Null where nobody was told: no row is rewritten."""

    dependencies = [
        ('accounts', '0004_exports'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='notice_id',
            field=models.PositiveBigIntegerField(editable=False, null=True, unique=True),
        ),
    ]
