"""What a served page is written into."""

import subprocess
import sys

# Pages of a hundred clusters, made in a thread as gunicorn's are; how often the system had to give memory for them.
PAGES = """
import resource, threading
from config.memory import keep_memory
def pages():
    for _ in range(100):
        rows = [bytes(8000) for _ in range(100)]
        page = b",".join(rows)
        answer = page + b"}"
        del rows, page, answer
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    thread = threading.Thread(target=pages)
    thread.start()
    thread.join()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults()
print(faults(), keep_memory(), faults())
"""


def test_memory_is_kept_for_the_next_page() -> None:
    done = subprocess.run([sys.executable, "-c", PAGES], capture_output=True, text=True, check=True)
    before, told, after = done.stdout.split()
    assert told == "True"
    assert int(after) * 5 < int(before)
