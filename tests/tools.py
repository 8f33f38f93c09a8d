"""Programs that tests drive. Where one is missing, its tests are skipped with a line that says how to get it.

In CI they fail, since everything must be there.
"""

import os
import shutil
from typing import NoReturn

import pytest


def installed(program: str, how: str) -> str:
    """The path of a system program; ends the test where there is none. `how` is the way to get it."""
    path = shutil.which(program)
    if path is None:
        unavailable(f"{program} is missing: {how}")
    return path


def unavailable(why: str) -> NoReturn:
    """Ends a test that cannot run on this machine."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)
