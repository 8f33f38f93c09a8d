"""Long computations run outside the event loop, in threads that clients share fairly."""

import os
import sys

from bodymap.threads import Threads

# For how long a computing thread keeps the interpreter while another wants it, in seconds. The event loop and the
# readers want it several times for one answer: with Python's own 5 ms a client who only reads waited ten times longer
# next to one who draws without end, with this half of that. Drawing itself does not get measurably slower.
SWITCH_S = 0.0005


class Turns:
    """Thread pools for three kinds of work, so that none waits for another kind.

    `drawings` make pictures, as many of one client at once as there are cores; `answers` make everything else that is
    read; `preparations` read and resolve what is to be written.
    """

    def __init__(self, cores: int | None = None) -> None:
        """`cores` is how many processors there are, by default as many as this process may use."""
        sys.setswitchinterval(SWITCH_S)
        count = cores or len(os.sched_getaffinity(0))
        # One more than a single client may use at once.
        self.drawings = Threads(count + 1, "drawings")
        self.answers = Threads(count + 1, "answers")
        self.preparations = Threads(count + 1, "preparations")

    def close(self) -> None:
        """Finishes accepted calls and rejects new ones."""
        for threads in (self.drawings, self.answers, self.preparations):
            threads.close()
