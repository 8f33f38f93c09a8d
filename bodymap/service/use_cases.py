"""All use cases, put together."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

import msgspec

from bodymap import ids
from bodymap.atlas import Atlases
from bodymap.service.comparison import Comparisons
from bodymap.service.lifecycle import Lifecycle
from bodymap.service.re_resolution import ReResolutions
from bodymap.service.session_atlases import SessionAtlases
from bodymap.service.sessions import Sessions
from bodymap.service.versions import History


class UseCases(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be done with sessions. Thread-safe."""

    atlases: SessionAtlases
    sessions: Sessions
    lifecycle: Lifecycle
    history: History
    comparisons: Comparisons
    re_resolutions: ReResolutions

    @classmethod
    def on(
        cls,
        atlases: Atlases,
        new_id: Callable[[], str] = ids.new_id,
        now: Callable[[], datetime] = ids.now,
    ) -> Self:
        """The use cases on these atlas versions, with a source of ids and a clock."""
        session_atlases = SessionAtlases(atlases)
        re_resolutions = ReResolutions(atlases, session_atlases, now)
        return cls(
            atlases=session_atlases,
            sessions=Sessions(session_atlases, re_resolutions, new_id, now),
            lifecycle=Lifecycle(session_atlases, new_id, now),
            history=History(session_atlases.named),
            comparisons=Comparisons(session_atlases),
            re_resolutions=re_resolutions,
        )
