from pathlib import Path

import pytest


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a file in the test's own folder, which does not exist yet."""
    return f"sqlite:///{tmp_path / 'clinic.db'}"
