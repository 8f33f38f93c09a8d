"""The service's secret and the keys that come from it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bodymap.errors import Misconfigured, StorageUnavailable
from bodymap.storage.secret import Secret, secret_of


def beside(folder: Path) -> str:
    return f"sqlite:///{folder / 'clinic.db'}"


def test_a_stated_secret_is_taken_and_nothing_is_made(tmp_path: Path) -> None:
    """BODYMAP_SECRET decides, whatever stands beside the database."""
    stated = secret_of(beside(tmp_path), "a secret that is long enough")
    assert stated.key("audit") == Secret(b"a secret that is long enough").key("audit")
    assert list(tmp_path.iterdir()) == []


def test_one_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    """The first start makes it, every later one finds the same, and no other user may read it."""
    first = secret_of(beside(tmp_path), None)
    [path] = tmp_path.iterdir()
    assert path.name == "clinic.db.secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(path.read_text().strip())) == 32
    assert secret_of(beside(tmp_path), None).key("links") == first.key("links")
    (tmp_path / "other").mkdir()
    assert secret_of(beside(tmp_path / "other"), None).key("links") != first.key("links")


def test_what_the_file_says_can_be_stated(tmp_path: Path) -> None:
    """A clinic that moves to another engine goes on with its secret: BODYMAP_SECRET=$(cat clinic.db.secret)."""
    made = secret_of(beside(tmp_path), None)
    text = (tmp_path / "clinic.db.secret").read_text().strip()
    assert secret_of("postgresql://localhost/bodymap", text).key("audit") == made.key("audit")


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    """However many make it at once, one is kept, whole, and all of them use that one."""
    program = (
        "import sys; from bodymap.storage.secret import secret_of; sys.stdin.read();"
        f"print(secret_of({beside(tmp_path)!r}, None).key('audit').hex())"
    )
    racing = [
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in racing:
        assert process.stdin
        process.stdin.close()
        process.stdin = None
    assert len({process.communicate(timeout=120)[0] for process in racing}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["clinic.db.secret"]


def test_keys_of_purposes_differ_and_are_those_of_hkdf() -> None:
    """A key of one purpose is no key of another, and anybody can derive the same with another library."""
    secret = Secret(b"material")
    assert secret.key("audit") != secret.key("links")
    # HKDF(SHA-256, length 32, salt "bodymap", info "audit") of "material", by `openssl kdf`.
    assert secret.key("audit").hex() == "dc09681f5c85f569a34e932e8d6439bdfbde5ecbb506ef5904e92eb0622ed551"
    assert "material" not in repr(secret)


def test_a_server_database_needs_a_stated_one() -> None:
    """Several processes must agree, so nothing is made up for them."""
    with pytest.raises(Misconfigured, match="BODYMAP_SECRET is not set"):
        secret_of("postgresql://localhost/bodymap", None)
    assert secret_of("postgresql://localhost/bodymap", "a secret that is long enough").key("audit")


def test_what_others_can_read_is_no_secret(tmp_path: Path) -> None:
    """A file that a group or everybody can read is refused, with what to do."""
    secret_of(beside(tmp_path), None)
    (tmp_path / "clinic.db.secret").chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        secret_of(beside(tmp_path), None)


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "00" * 31, "00" * 33])
def test_a_damaged_one_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    """What was chained with a secret must not be continued with another by accident."""
    secret_of(beside(tmp_path), None)
    path = tmp_path / "clinic.db.secret"
    path.write_text(content)
    with pytest.raises(Misconfigured, match="damaged"):
        secret_of(beside(tmp_path), None)
    assert path.read_text() == content


def test_where_none_may_be_made_none_is(tmp_path: Path) -> None:
    """A command that only verifies says that there is none."""
    with pytest.raises(Misconfigured, match="There is no secret"):
        secret_of(beside(tmp_path), None, make=False)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder in the place of the file is a refusal with its name, not a traceback."""
    (tmp_path / "clinic.db.secret").mkdir(mode=0o700)
    with pytest.raises(StorageUnavailable, match=r"clinic\.db\.secret"):
        secret_of(beside(tmp_path), None)
