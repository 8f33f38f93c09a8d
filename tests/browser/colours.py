"""The colours that a browser paints."""

import io

from PIL import Image


def colours(picture: bytes) -> int:
    """How many colours cover at least a thousandth of a picture each; a blank or broken one has one or two."""
    with Image.open(io.BytesIO(picture)) as image:
        counts = image.convert("RGB").quantize(64).getcolors()
        return sum(count > image.width * image.height / 1000 for count, _ in counts or [])
