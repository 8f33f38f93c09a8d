"""Rate limits of each client, if the operator sets them."""

import math
import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from bodymap.errors import Misconfigured, TooManyRequests
from bodymap.service import Principal


class Rates:
    """Counts requests by client, in this process: several processes allow several times as many."""

    def __init__(self, stated: str) -> None:
        """`stated` is such as `20/second;1000/minute`; all limits apply. Raises Misconfigured."""
        try:
            self._items: list[RateLimitItem] = parse_many(stated)
        except ValueError as error:
            raise Misconfigured(
                f"The rate limit {stated!r} is not understood. It is such as `20/second` or `20/second;1000/minute`."
            ) from error
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, principal: Principal) -> None:
        """Counts a request. Raises TooManyRequests, with the time after which to try again, over the limit."""
        for item in self._items:
            if not self._limiter.hit(item, principal.tenant, principal.client):
                ends = self._limiter.get_window_stats(item, principal.tenant, principal.client).reset_time
                wait_s = max(1, math.ceil(ends - time.time()))
                raise TooManyRequests(
                    f"This client may send {item.amount} requests in {item.get_expiry()} s.",
                    headers={"Retry-After": str(wait_s)},
                )
