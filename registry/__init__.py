"""The registry. Its release is written here and in pyproject.toml; a test compares them."""

RELEASE = "0.3.0"
