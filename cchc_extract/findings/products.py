"""The words of a product cell to the products it lists."""

from __future__ import annotations

from cchc_extract.normalise.markers import parse_marker
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, join_spaces

_MAX_PART_CHARS = 160  # a longer part is a sentence with semicolons in it


def split_products(text: str, patterns: Patterns) -> tuple[str, ...]:
    """The products of a cell: its bullets or numbers, else its parts at ';' where each is clearly one.

    >>> from cchc_extract.patterns import load_patterns
    >>> p = load_patterns()
    >>> split_products("- Kế hoạch của UBND tỉnh;\\n- Báo cáo kết quả.", p)
    ('Kế hoạch của UBND tỉnh', 'Báo cáo kết quả.')
    >>> split_products("Văn bản chỉ đạo; Báo cáo của Sở Nội vụ", p)
    ('Văn bản chỉ đạo', 'Báo cáo của Sở Nội vụ')
    >>> split_products("Kết quả xếp hạng các sở, ban, ngành; UBND cấp huyện năm 2021.", p)
    ('Kết quả xếp hạng các sở, ban, ngành; UBND cấp huyện năm 2021.',)
    >>> split_products("", p)
    ()
    """
    bullets = _split_bullets(text, patterns)
    if len(bullets) > 1:
        return tuple(part for part in (join_spaces(b).rstrip(";") for b in bullets) if part)
    whole = join_spaces(bullets[0]) if bullets else ""
    parts = [part.strip() for part in whole.split(";") if part.strip()]
    if len(parts) > 1 and all(_is_product(part, patterns) for part in parts):
        return tuple(parts)
    return (whole,) if whole else ()


def _split_bullets(text: str, patterns: Patterns) -> list[str]:
    """Parts that begin with an enumerator, at line starts or, where a copy lost the lines, after a stop."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) == 1:
        lines = _split_inline(lines[0], patterns)
    parts: list[str] = []
    for line in lines:
        marker = parse_marker(line, patterns)
        if marker is not None:
            parts.append(line[marker.end :])
        elif parts:
            parts[-1] = f"{parts[-1]} {line}"
        else:
            parts.append(line)
    return parts


def _split_inline(line: str, patterns: Patterns) -> list[str]:
    """ "- A; - B. - C" on one line, when the cell itself begins with the dash."""
    first = parse_marker(line, patterns)
    if first is None or not first.is_bullet:
        return [line]
    sign = first.text
    out: list[str] = []
    rest = line
    while True:
        cuts = [c for stop in ".;)" if (c := rest.find(f"{stop} {sign} ", 1)) >= 0]
        if not cuts:
            return [*out, rest]
        cut = min(cuts) + 1
        out.append(rest[:cut])
        rest = rest[cut:].strip()


def _is_product(part: str, patterns: Patterns) -> bool:
    """Whether a part at ';' is a product of its own: it names a document or a result, as its first word tells."""
    return len(part) <= _MAX_PART_CHARS and fold(part).startswith(patterns.words("product.heads"))
