"""Loaded before Django: gives the tests a data folder of their own."""

import os
import tempfile

os.environ.setdefault("POSTURE_DATA_DIR", tempfile.mkdtemp(prefix="posture-tests-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ["POSTURE_LOG_LEVEL"] = "WARNING"
# Tests ask quicker than anybody; the one that is about the limit sets its own.
os.environ["POSTURE_API_RATE"] = "0"
