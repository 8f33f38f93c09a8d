"""Every operation tried by what its description says of it: Schemathesis against the real service, with a key."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import key_in
from tests.engines import BOTH, NewUrl

pytestmark = pytest.mark.outside

ENGINES = BOTH
HERE = Path(__file__).parent
# So much and no less, however fast the machine is: each operation with its example and two more, and in sequences.
QUICK = ["--phases", "examples,fuzzing,stateful", "--max-examples", "2", "--generation-deterministic"]


def test_the_service_does_what_its_description_says(
    serve: Any, new_url: NewUrl, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """No operation, alone or after others, answers with a mistake of its own, a status, header or body that the
    description does not have, or takes what the description refuses; and none forgets what was made or who may ask.
    """
    seconds: int = pytestconfig.getoption("contract_seconds")
    settings = {
        "BODYMAP_DATABASE": new_url(),
        "BODYMAP_SECRET": "a secret of the tests alone",
        "BODYMAP_LOG_LEVEL": "warning",
    }
    key = key_in(tmp_path, settings=settings)
    running = serve(settings=settings)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [f"{running.address}/openapi.json", "--header", f"Authorization: Bearer {key}"]
    command += ["--continue-on-failure", "--no-color", "--warnings", "off"]
    command += ["--max-time", str(seconds)] if seconds else QUICK
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=2 * seconds + 600
    )
    assert done.returncode == 0, done.stdout
    operations = re.search(r"Operations: +(\d+) selected", done.stdout)
    assert operations is not None
    assert seconds or f"Tested: {operations[1]}" in done.stdout, done.stdout
    said = (tmp_path / "serve.err").read_text()
    assert '"level":"ERROR"' not in said, said
