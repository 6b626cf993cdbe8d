"""The table of kinks, from the rules: what the derivative is taken to be where there is none.

`python -m s2sad.rules.kinks > docs/kinks.md` writes the page.
"""
from __future__ import annotations

import sys

from s2sad.rules import rules

HEAD = """# Kinks

Where a function has no derivative, or more than one that would do, s2sad takes the value below.  The table is generated from the rules
(`python -m s2sad.rules.kinks > docs/kinks.md`), and each row is tested.

| where | the derivative |
|---|---|
"""


def kinks() -> tuple[str, ...]:
    """The conventions, each once, in the order of the rules."""
    return tuple(dict.fromkeys(row.kink for row in rules() if row.kink))


def page() -> str:
    """The documentation page, in Markdown."""
    rows = (kink.partition(": ") for kink in kinks())
    return HEAD + "".join(f"| {where} | {value} |\n" for where, _, value in rows)


if __name__ == "__main__":
    sys.stdout.write(page())
