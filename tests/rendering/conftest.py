"""The atlas, and sessions to draw."""

import pytest

from bodymap.atlas import Atlas, load_atlas
from bodymap.charting.session import Session
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, recorded, session_of, somewhere


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture(scope="session")
def contract_session(atlas: Atlas) -> Session:
    return session_of(recorded(atlas, CONTRACT))


@pytest.fixture(scope="session")
def sheet_session(atlas: Atlas) -> Session:
    return session_of(recorded(atlas, FOUR_VIEWS))


@pytest.fixture(scope="session")
def crowded_session(atlas: Atlas) -> Session:
    """Twenty trigger points close together at neck and shoulders."""
    return session_of(recorded(atlas, somewhere(atlas, 20, 1, (200, 500, 200, 420))))
