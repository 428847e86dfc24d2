"""Loaded before the settings: tests run as on a person's own machine, in a var/ of their own.

Everything a test run writes (secrets, an SQLite file) goes to a temporary directory that is removed when the
run ends, so that no test ever touches the registry that `make run` serves.
"""

import atexit
import os
import shutil
import tempfile

# A worker of pytest-xdist shares the directory of the run that started it.
OWNER = "PYTEST_XDIST_WORKER" not in os.environ

if OWNER:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="registry-tests-")
    os.mkdir(os.path.join(os.environ["VAR_DIR"], "static"))  # WhiteNoise warns when it is missing
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ["LOCAL"] = "1"
for chosen_by_deployments in ("HTTPS", "ALLOWED_HOSTS", "ANONYMOUS_READING", "TWO_PERSON_KINDS"):
    os.environ.pop(chosen_by_deployments, None)
# Clocks of tests stand still, so no window ever ends; what limits do is tested where they are set.
os.environ["REQUESTS_PER_MINUTE"] = os.environ["ANONYMOUS_REQUESTS_PER_MINUTE"] = "1000000"
