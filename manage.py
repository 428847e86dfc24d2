#!/usr/bin/env python
import gc
import os
import sys

if __name__ == "__main__":
    # All that is imported stays: walking it in search of cycles, again and again, was a tenth of each start.
    gc.set_threshold(50_000, 20, 100)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.refusals import told

    with told():
        execute_from_command_line(sys.argv)
