"""What a database tells while it works, to whoever watches it."""

from typing import Protocol


class Watch(Protocol):
    """Told by the threads that write, so each must be quick and raise nothing."""

    def committed(self, commands: int, seconds: float) -> None:
        """A group of commands is on disk."""

    def lost(self, commands: int) -> None:
        """A group of commands could not be kept; each is refused."""
