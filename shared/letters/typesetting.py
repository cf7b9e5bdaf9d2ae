"""The child process that sets one letter: reads one JSON object from its input, writes the PDF to its output.

It stands alone so that it can be ended: a template of an agency may be wrong in any way, run for ever included.
Exit code 0 with the PDF, or 3 with what is wrong with the template as text.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime

from shared.letters.fonts import font_file

BAD_TEMPLATE = 3


def typeset(source: str, data: dict[str, object], dated: tuple[int, int, int]) -> bytes:
    """The letter as PDF/A-2b. The same input gives the same bytes: no clock, no system font, no file beside the source.

    Raises typst.TypstError where the template is at fault.
    """
    import typst

    with tempfile.TemporaryDirectory() as empty:
        pdf = typst.Compiler(
            source.encode(),
            root=empty,
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[font_file().parent]),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
            package_path=empty,
            package_cache_path=empty,
        ).compile(format="pdf", pdf_standards="a-2b", timestamp=datetime(*dated, tzinfo=UTC))
    if not isinstance(pdf, bytes):
        raise TypeError("one letter is one document")
    return pdf


def main() -> int:
    """One letter, from standard input to standard output."""
    import typst

    job = json.load(sys.stdin.buffer)
    year, month, day = job["data"]["dated"]
    try:
        pdf = typeset(job["source"], job["data"], (year, month, day))
    except typst.TypstError as wrong:
        sys.stdout.buffer.write(wrong.message.encode())
        return BAD_TEMPLATE
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
