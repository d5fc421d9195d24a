"""Settings of the web server: `gunicorn -c python:posture.gunicorn posture.wsgi`.

One process with a few threads serves an organisation; WEB_CONCURRENCY asks for more processes.
"""

from __future__ import annotations

import os

from posture.common import env

bind = env.text("POSTURE_BIND", "127.0.0.1:8000", "Address and port of the web server.")
worker_class = "gthread"
threads = 4
# A page that takes longer than this is broken; the rest of a stop's ten seconds belongs to the worker.
timeout = 60
graceful_timeout = 5
keepalive = 5
# Heartbeats belong in memory: on a full disk they would stop the server.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes an unlinked file in it
# No control channel, and nothing about the software for strangers.
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "posture.common.logs.JSONLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}
