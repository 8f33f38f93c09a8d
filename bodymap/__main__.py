"""`python -m bodymap` is the same as `bodymap`."""

from bodymap.cli import main

if __name__ == "__main__":
    main(prog_name="bodymap")
