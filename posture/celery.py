"""The Celery application; workers and beat start from here."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_shutting_down

from posture.common.stopping import stop

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")

app = Celery("posture")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["inventory", "posture"])


@worker_shutting_down.connect
def give_work_back(**_: Any) -> None:
    """Have long reads give their lease back, so that the worker ends within seconds and nothing waits for a lease."""
    stop()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Leave logging to Django's settings, so that every line has one shape."""
