"""A page of a PDF drawn as an image, by pypdfium2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_extract.errors import UnsupportedInputError

if TYPE_CHECKING:
    from PIL.Image import Image


DPI = 300  # what Tesseract reads best


def render_page(data: bytes, name: str, page: int, megapixels: int) -> tuple[Image, int]:
    """A page of a PDF as a grey image, and its resolution: DPI, or what is allowed for a page of absurd size."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            leaf = document[page - 1]
            width, height = leaf.get_size()
            scale = min(DPI / 72, (megapixels * 1_000_000 / max(1.0, width * height)) ** 0.5)
            image = leaf.render(scale=scale, grayscale=True).to_pil().convert("L")
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise UnsupportedInputError(
            f"{name}, page {page}", f"cannot be drawn ({error})", "save the PDF again"
        ) from None
    return image, max(1, round(scale * 72))
