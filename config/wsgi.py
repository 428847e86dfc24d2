import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Only now: what asks the database needs the settings and the models.
from config.noting import note_start  # noqa: E402

note_start()
