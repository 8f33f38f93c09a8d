"""Equal input gives equal bytes, whatever was drawn before and in whatever process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.rendering.everything_drawn import digests


def test_equal_input_gives_equal_bytes_in_every_process() -> None:
    """Every picture in every format has the same bytes drawn again, and in another process with another hash seed."""
    here = digests()
    assert digests() == here
    other = subprocess.run(
        [sys.executable, "-m", "tests.rendering.everything_drawn"],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(other.stdout) == here
