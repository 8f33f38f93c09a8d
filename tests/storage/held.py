"""Work that can be stopped half-way."""

import threading

from bodymap.storage.transaction import Transaction


class Held:
    """Work that waits until it is let go, so that other work gathers behind it in one group."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, tx: Transaction) -> str:
        self.begun.set()
        assert self.let_go.wait(120)
        return "held"
