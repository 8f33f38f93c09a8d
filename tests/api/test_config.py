"""Settings from the environment."""

import msgspec
import pytest

from bodymap.config import PREFIX, Settings, described
from bodymap.errors import Misconfigured


def test_settings_are_read_from_their_keys_alone() -> None:
    """Each BODYMAP_ key is a setting; what is not ours is not looked at; what is absent has its default."""
    read = Settings.read({"BODYMAP_DATABASE": "sqlite:///x.db", "BODYMAP_MAX_BODY_BYTES": "2048", "HOME": "/"})
    assert read == Settings(database="sqlite:///x.db", max_body_bytes=2048)
    assert Settings.read({}) == Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BODYMAP_DATABSE", "sqlite:///x.db"),
        ("BODYMAP_", "x"),
        ("BODYMAP_database", "sqlite:///x.db"),
        ("BODYMAP_DATABASE", ""),
        ("BODYMAP_MAX_BODY_BYTES", "1 MB"),
        ("BODYMAP_MAX_BODY_BYTES", "0"),
        ("BODYMAP_SECRET", "short"),
        ("BODYMAP_FRAME_ANCESTORS", "https://ehr.example\n"),
        ("BODYMAP_CORS_ORIGINS", "https://ehr.example\n"),
        ("BODYMAP_ATLAS_VERSION", "1\n"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(key: str, value: str) -> None:
    """An unknown key or an impossible value stops the service, and says which key it is."""
    with pytest.raises(Misconfigured) as raised:
        Settings.read({key: value})
    assert key in raised.value.detail


@pytest.mark.parametrize(
    ("key", "value", "choices"),
    [
        ("BODYMAP_LOG_LEVEL", "loud", "debug, error, info, warning"),
        ("BODYMAP_METRICS", "closed", "admin, open"),
        ("BODYMAP_SNOMED_LICENCE", "perhaps", "true, false"),
        ("BODYMAP_STOP_SECONDS", "0", "1 to 3600"),
        ("BODYMAP_SECRET", "short", "16 characters or more"),
        ("BODYMAP_FRAME_ANCESTORS", "ehr.example", "such as `https://ehr.example`"),
    ],
)
def test_a_refused_setting_says_what_it_takes(key: str, value: str, choices: str) -> None:
    """The choices, the bounds or an example stand in the message; the value does not."""
    with pytest.raises(Misconfigured) as raised:
        Settings.read({key: value})
    assert choices in raised.value.detail
    assert value not in raised.value.detail.replace(choices, "")


def test_a_secret_is_never_repeated() -> None:
    """A refused secret is not shown in the message."""
    with pytest.raises(Misconfigured) as raised:
        Settings.read({"BODYMAP_SECRET": "hush"})
    assert "hush" not in raised.value.detail


def test_every_setting_says_what_it_is_for() -> None:
    """No field of the settings comes without a sentence that `bodymap settings` and the reference show."""
    rows = described()
    assert [row.variable for row in rows] == [PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)]
    for row in rows:
        assert row.meaning.endswith("."), row.variable
        assert row.values, row.variable
