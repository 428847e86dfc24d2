"""What the domain refuses, in one shape for every door."""


class Problem(Exception):
    """A refusal: a stable snake_case `code` for programs, a whole Vietnamese sentence for the reader.

    The message says what is wrong, where, and what to do about it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
