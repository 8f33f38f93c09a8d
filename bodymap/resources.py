"""Where the shipped files are: inside the installed package, or at the repository root in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset_folder() -> Path:
    """The folder that holds one folder per atlas version.

    Raises `FileNotFoundError` where the package was installed without its assets.
    """
    for folder in (_PACKAGE / "assets" / "svg", _PACKAGE.parent / "assets" / "svg"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"bodymap was installed without its atlas: no assets/svg in or beside {_PACKAGE.name}/")
