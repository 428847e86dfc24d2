"""Loaded before the settings: tests run as on a person's own machine, in a var/ of their own.

Everything a test run writes (secrets, an SQLite file) goes to a temporary directory that is removed when the
run ends, so that no test ever touches the registry that `make run` serves.
"""

import atexit
import os
import shutil
import tempfile

# What processes of one machine share, such as counters of requests, lies there. Each worker of pytest-xdist has its own
# database, whose keys have the numbers of the other's, and so a directory of its own in that of the run.
WORKER = os.environ.get("PYTEST_XDIST_WORKER")

if WORKER is None:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="registry-tests-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
else:
    os.environ["VAR_DIR"] = os.path.join(os.environ["VAR_DIR"], WORKER)
# WhiteNoise warns when it is missing.
os.makedirs(os.path.join(os.environ["VAR_DIR"], "static"), exist_ok=True)
os.environ["LOCAL"] = "1"
for chosen_by_deployments in ("HTTPS", "ALLOWED_HOSTS", "ANONYMOUS_READING", "TWO_PERSON_KINDS"):
    os.environ.pop(chosen_by_deployments, None)
# Clocks of tests stand still, so no window ever ends; what limits do is tested where they are set.
os.environ["REQUESTS_PER_MINUTE"] = os.environ["ANONYMOUS_REQUESTS_PER_MINUTE"] = "1000000"
