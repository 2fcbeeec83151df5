"""A page of a PDF drawn as an image, by pypdfium2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_extract.errors import UnsupportedInputError

if TYPE_CHECKING:
    from PIL.Image import Image


DPI = 300  # what Tesseract reads best
MOST_PIXELS = 60_000_000  # an A3 page at 300 dpi has 17 million


def render_page(data: bytes, name: str, page: int) -> tuple[Image, int]:
    """A page of a PDF as a grey image, and its resolution: DPI, or what is allowed for a page of absurd size."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            leaf = document[page - 1]
            width, height = leaf.get_size()
            scale = min(DPI / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
            image = leaf.render(scale=scale, grayscale=True).to_pil().convert("L")
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise UnsupportedInputError(
            f"{name}, page {page}", f"cannot be drawn ({error})", "save the PDF again"
        ) from None
    return image, max(1, round(scale * 72))
