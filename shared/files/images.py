"""What an image carries beside its pixels, and a copy of it that carries nothing."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from shared.files.finding import Finding

PIXELS = 100_000_000
"""More are not unpacked."""

HARMLESS = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "gamma", "srgb", "chromaticity", "transparency", "interlace", "progressive", "progression", "icc_profile", "background"})  # fmt: skip
"""What Pillow tells of an image that tells nothing of people."""


def findings(content: bytes) -> list[Finding]:
    """Whether it is whole, not too large, and what was stored with it."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > PIXELS:
                return [Finding("too-many-pixels")]
            image.load()
            told = {str(key) for key in image.info} - HARMLESS
            carries = bool(told) or len(image.getexif()) > 0
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return [Finding("unreadable")]
    return [Finding("photo-metadata"), Finding("images-unread")] if carries else [Finding("images-unread")]


def cleaned(content: bytes) -> bytes:
    """The pixels alone, turned as they were to be seen."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        kind = image.format
        upright = ImageOps.exif_transpose(image)
        bare = Image.new(upright.mode, upright.size)
        if upright.mode == "P":
            upright = upright.convert("RGBA")
            bare = Image.new("RGBA", upright.size)
        bare.paste(upright)
        made = io.BytesIO()
        if kind == "JPEG":
            bare.save(made, "JPEG", quality=95, subsampling=0)
        else:
            bare.save(made, "PNG")
        return made.getvalue()
