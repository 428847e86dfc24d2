"""The registry's own settings, with the views it is compared with beside its own."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "benchmarks.stock"]
ROOT_URLCONF = "benchmarks.urls"
