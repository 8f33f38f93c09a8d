"""Whatever computes for long does so beside the event loop, in threads that clients share fairly."""

import os
import sys

from bodymap.threads import Threads

# For how long a computing thread keeps the interpreter while another wants it, in seconds. The event loop and the
# readers want it several times for one answer: with Python's own 5 ms a client who only reads waited ten times longer
# beside one who draws without end, with this half of that. Drawing itself takes no longer that could be measured.
SWITCH_S = 0.0005


class Turns:
    """Who computes when: three kinds of work, each with threads of its own, so that none waits for another kind.

    `drawings` make pictures, as many of one client at once as there are cores; `answers` make everything else that is
    read; `preparations` read and resolve what is to be written.
    """

    def __init__(self, cores: int | None = None) -> None:
        """`cores` is how many processors there are, by default as many as this process may use."""
        sys.setswitchinterval(SWITCH_S)
        count = cores or len(os.sched_getaffinity(0))
        # One more than a single client may have at once.
        self.drawings = Threads(count + 1, "drawings")
        self.answers = Threads(count + 1, "answers")
        self.preparations = Threads(count + 1, "preparations")

    def close(self) -> None:
        """Finishes what was taken, and refuses what comes."""
        for threads in (self.drawings, self.answers, self.preparations):
            threads.close()
