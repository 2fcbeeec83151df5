"""Page images made ready: grey, upright, straight, with their ink as bits. The only file that works with Pillow.

Ink is one long integer, a bit a pixel: shifting and masking it looks at all rows at once, which is fast enough without
a library of arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.readers.pdf.rendering import DPI

if TYPE_CHECKING:
    from PIL.Image import Image as Image  # the other files know the type from here

WHITE = 255

_A4_WIDTH, _A4_HEIGHT = 8.27, 11.69  # inches
_LIGHTEST_INK = 190
_PAPER = 0.25  # of the way from the lightest ink to white
_LEAST_INK = 25  # pixels; a full stop has more
_WIDEST_SKEW = 5.0  # degrees; more is no skew but a page laid askew by hand
_LEAST_SKEW = 0.05
_SEARCHES = ((600, 0.5), (1200, 0.1), (1200, 0.04))  # the width to look at, the step in degrees
_EDGE = 8  # pixels at the edge of a page that are never ink: shadows, and runs do not go on in the next row

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Most:
    """What an image file may hold: millions of pixels a page, and pages."""

    megapixels: int
    pages: int


@dataclass(frozen=True, slots=True)
class Ink:
    """Which pixels are ink: `stride` bits a row, the first pixel in the highest bit."""

    bits: int
    width: int
    height: int
    stride: int


def page_ink(page: Image) -> Ink:
    """The pixels that are darker than Otsu's threshold, but for the edges."""
    black = _black(page)
    black.paste(0, (0, 0, black.width, _EDGE))
    black.paste(0, (0, 0, _EDGE, black.height))
    black.paste(0, (max(0, black.width - _EDGE), 0, black.width, black.height))
    return Ink(int.from_bytes(black.convert("1").tobytes(), "big"), page.width, page.height, (page.width + 7) // 8 * 8)


def turned_ink(page: Image) -> Ink:
    """The same with rows and columns exchanged."""
    from PIL.Image import Transpose

    return page_ink(page.transpose(Transpose.TRANSPOSE))


def whiten(page: Image) -> Image:
    """The page with its paper white: the noise of a scan must not pass for writing where there is nothing else."""
    level = _threshold(page.histogram())
    return page.point([WHITE if grey >= level + (WHITE - level) * _PAPER else grey for grey in range(256)])


def is_blank(part: Image) -> bool:
    """Whether a part of a whitened page holds nothing but specks."""
    from PIL import ImageFilter

    dark = part.filter(ImageFilter.MedianFilter(3)).histogram()[:_LIGHTEST_INK]
    return sum(dark) < _LEAST_INK


def _black(page: Image) -> Image:
    level = _threshold(page.histogram())
    return page.point([WHITE if grey < level else 0 for grey in range(256)])


def _threshold(counts: list[int]) -> int:
    """Otsu: the grey that parts the two groups best; never so light that blank paper has ink.

    >>> 40 < _threshold([0] * 40 + [10] + [0] * 189 + [90] + [0] * 25) <= 190
    True
    """
    total, weighted = sum(counts), sum(grey * count for grey, count in enumerate(counts))
    best, most, below, sum_below = 0, -1.0, 0, 0
    for grey, count in enumerate(counts):
        below, sum_below = below + count, sum_below + grey * count
        above = total - below
        if below and above:
            apart = below * above * (sum_below / below - (weighted - sum_below) / above) ** 2
            best, most = (grey, apart) if apart > most else (best, most)
    return min(_LIGHTEST_INK, best + 1)


# --- straight -----------------------------------------------------------------------------------------------------


def straighten(page: Image) -> Image:
    """A grey page turned by the angle at which its lines of text (and its rules) lie level."""
    from PIL.Image import Resampling

    angle = find_skew(page)
    if abs(angle) < _LEAST_SKEW:
        return page
    return page.rotate(angle, resample=Resampling.BICUBIC, fillcolor=WHITE)


def find_skew(page: Image) -> float:
    """The angle in degrees by which a page must be turned anticlockwise to be straight."""
    angle, reach = 0.0, _WIDEST_SKEW
    for width, step in _SEARCHES:
        small = _black(page.reduce(max(1, round(page.width / width))))
        steps = round(reach / step)
        angle = _sharpest(small, [angle + n * step for n in range(-steps, steps + 1)])
        reach = step
    return angle


def _sharpest(black: Image, angles: Iterable[float]) -> float:
    """The angle at which the ink, summed along the rows, falls into the sharpest lines."""
    return max(angles, key=lambda angle: (_sharpness(black, angle), -abs(angle)))


def _sharpness(black: Image, angle: float) -> int:
    from PIL.Image import Resampling

    rows = black.rotate(angle, resample=Resampling.NEAREST).resize((1, black.height), Resampling.BOX).tobytes()
    return sum((a - b) ** 2 for a, b in pairwise(rows))


def turn(page: Image, degrees: int) -> Image:
    """The page turned by quarters."""
    return page.rotate(degrees, expand=True) if degrees else page


# --- parts --------------------------------------------------------------------------------------------------------


def paint_white(page: Image, boxes: Iterable[Box]) -> Image:
    plain = page.copy()
    for box in boxes:
        plain.paste(WHITE, box)
    return plain


def cut_out(page: Image, box: Box, margin: int) -> Image:
    """A part of the page in a white frame."""
    from PIL import Image as Images

    part = page.crop(box)
    framed = Images.new("L", (part.width + 2 * margin, part.height + 2 * margin), WHITE)
    framed.paste(part, (margin, margin))
    return framed


def as_grey(page: Image) -> Image:
    """Grey, as the eye sees it: turned as the camera says, on white where it is transparent."""
    from PIL import Image as Images
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(page)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        clear = turned.convert("RGBA")
        turned = Images.alpha_composite(Images.new("RGBA", clear.size, "white"), clear)
    return turned.convert("L")


def save(page: Image, path: Path) -> None:
    page.save(path)


# --- files --------------------------------------------------------------------------------------------------------


def read_frames(data: bytes, name: str, most: Most) -> Iterator[Image]:
    """The pages of an image file, grey, at about DPI. Raises UnsupportedInputError for a damaged or a huge one."""
    import io
    import warnings

    from PIL import Image as Images
    from PIL import ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, and of sizes: these are judged here
            with Images.open(io.BytesIO(data)) as image:
                for number, frame in enumerate(ImageSequence.Iterator(image)):
                    _refuse_large(frame, number, name, most)
                    yield _rescaled(as_grey(frame), _resolution(frame))
    except (OSError, SyntaxError, ValueError, EOFError, Images.DecompressionBombError) as error:
        reason = str(error).partition(" <")[0].replace("\n", " ")  # without the name of an object of ours
        what = f"is an image that cannot be read ({reason})"
        raise UnsupportedInputError(name, what, "save it again as PNG or TIFF") from None


def _refuse_large(frame: Image, number: int, name: str, most: Most) -> None:
    if frame.width * frame.height > most.megapixels * 1_000_000 or number >= most.pages:
        what = f"is an image of more than {most.megapixels} million pixels or {most.pages} pages"
        raise UnsupportedInputError(name, what, "scan it at 300 dpi, in parts")


def _resolution(frame: Image) -> float:
    """The dots an inch that the file tells, where they make a page of it; else those of an A4 page of that shape.

    A picture taken with a telephone says 72, whatever it shows.
    """
    told = frame.info.get("dpi")
    across = float(told[0]) if isinstance(told, tuple) and told else 0.0
    if across >= 100 and 4 <= frame.width / across <= 24:
        return across
    return frame.width / (_A4_WIDTH if frame.width <= frame.height else _A4_HEIGHT)


def _rescaled(page: Image, dpi: float) -> Image:
    from PIL.Image import Resampling

    factor = min(3.0, DPI / dpi)
    if 0.9 <= factor <= 1.1:
        return page
    return page.resize((max(1, round(page.width * factor)), max(1, round(page.height * factor))), Resampling.LANCZOS)
