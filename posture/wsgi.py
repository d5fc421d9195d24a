"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application

from posture.celery import app  # Tasks sent from a view need the broker that it configures.

__all__ = ["app", "application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")
application = get_wsgi_application()
