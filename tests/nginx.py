"""The proxy of docs/operations.md, word for word but for port, certificate and whom it passes requests on to."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MISSING = (
    "nginx is not installed (on Debian: apt-get install nginx-light). ALLOW_SKIP=1 leaves these tests out."
)


@contextmanager
def proxy(block: str, folder: Path, upstream: str) -> Iterator[str]:
    """The address at which nginx answers while the context lasts."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        (pytest.skip if os.environ.get("ALLOW_SKIP") == "1" else pytest.fail)(MISSING)
    folder.mkdir()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    made += ["-subj", "/CN=registry.example", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("127.0.0.1:8000", upstream)
    here = here.replace("/etc/ssl/registry.crt", str(certificate)).replace("/etc/ssl/registry.key", str(key))
    kept = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder / 'pid'}; error_log stderr; events {{}}\n"
        f"http {{ access_log off;\n{kept}{here}}}\n",
        encoding="utf-8",
    )
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [program, "-p", str(folder), "-e", "stderr", "-c", str(config)], stdout=log, stderr=log
        )
    try:
        for _ in range(1200):
            if server.poll() is not None:
                break
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        assert server.poll() is None, (folder / "log").read_text()
        yield f"https://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def status_of(answer: str) -> int:
    """Of the last answer that `curl -i` printed."""
    return int(re.findall(r"^HTTP/[\d.]+ (\d+)", answer, re.MULTILINE)[-1])
