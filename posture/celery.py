"""The Celery application; workers and beat start from here."""

import gc
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_init, worker_shutting_down

from posture.common import file_queue
from posture.common.stopping import stop

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")

file_queue.install()
app = Celery("posture")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["inventory", "posture", "posture.notify"])


@worker_init.connect
def keep_what_is_loaded(**_: Any) -> None:
    """Leave what is loaded out of every collection of garbage: forks share more memory, and a stop is quicker."""
    gc.freeze()


@worker_shutting_down.connect
def give_work_back(**_: Any) -> None:
    """Have long reads give their lease back, so that the worker ends within seconds and nothing waits for a lease."""
    stop()


@task_prerun.connect
def finish_first(**_: Any) -> None:
    """Let a pool process that is asked to end, as by a signal to its whole group, give its work back first.

    Set with each task, since the pool puts its own handlers in place after its processes have started.
    """
    signal.signal(signal.SIGTERM, lambda *_: stop())


@task_postrun.connect
def end_when_asked(**_: Any) -> None:
    """Between two tasks a pool process ends at once."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Leave logging to Django's settings, so that every line has one shape."""
