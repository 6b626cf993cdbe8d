"""The command line: `s2sad FILE[::FUNCTION]` writes derivatives, `s2sad rules` lists the rules.  `main` returns the exit status.

0: done; 1: nothing could be differentiated, or `--check` found a difference; 2: wrong usage, or a file that cannot be read.
"""
from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from s2sad.derivatives.target import Wrt
    from s2sad.static import Asked

DONE, NOTHING, UNUSABLE = 0, 1, 2
EPILOG = """
A file is read, never imported or run.  `-` reads standard input.  `s2sad rules [PATTERN]` prints the rules as a table.

Exit status: 0 done; 1 nothing could be differentiated, or --check found a difference; 2 wrong usage, or an unreadable file.
"""


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="s2sad", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="s2sad FILE[::FUNCTION] [options]\n       s2sad rules [PATTERN | --count | --markdown]",
        description="Writes the derivatives of the functions of a Python file, as Python, to standard output.")
    found.add_argument("file", metavar="FILE[::FUNCTION]", help="a Python file, and the one function to differentiate")
    found.add_argument("--version", action="version", version=f"s2sad {version()}")
    found.add_argument("--wrt", default="0", metavar="NAMES", help="parameters by name or position, as in w,b (default: the first)")
    found.add_argument("--mode", choices=("reverse", "forward"), default="reverse", help="the mode of differentiation (default: reverse)")
    found.add_argument("--value", action="store_true", help="return the value too, before the gradient")
    found.add_argument("--types", metavar="TYPES", help='types of parameters, as in "x: float, A: float[:, :]"')
    found.add_argument("--comments", action="store_true", help="quote the lines of the function beside their adjoints")
    output = found.add_mutually_exclusive_group()
    output.add_argument("-o", dest="output", metavar="FILE", help="write to FILE instead of standard output")
    output.add_argument("--check", metavar="FILE", help="exit with 1 if FILE is not what would be written")
    output.add_argument("--diff", metavar="FILE", help="print the difference between FILE and what would be written")
    return found


def version() -> str:
    from s2sad import __version__

    return __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; `argv` without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["rules"]:
            return list_rules(arguments[1:])
        return differentiate(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def differentiate(arguments: Sequence[str]) -> int:
    usage = parser()
    options = usage.parse_args(arguments)
    path, named, name = options.file.partition("::")
    if named and not name:
        usage.error("a function is named after `::`")
    try:
        asked = asked_for(options)
    except SyntaxError as error:
        usage.error(f"--types: {error.msg}")
    from s2sad.static import module_text, parameters_in

    try:
        path, text = read_text(path)
        names = [name] if name else public_functions(path, text)
        unknown = (asked.types or {}).keys() - parameters_in(path, text, names)
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        return unusable(error, path)
    if unknown:
        usage.error(f"--types: no parameter `{min(unknown)}`")
    written, refused = module_text(path, text, names, asked)
    for refusal in refused:
        print(refusal, file=sys.stderr)
    if not written:
        if not refused:
            print(f"{path}: no public function at the top level", file=sys.stderr)
        return NOTHING
    return deliver(written, options)


def deliver(text: str, options: argparse.Namespace) -> int:
    """Writes, compares or shows the difference, as asked."""
    from s2sad.derivatives.derivative import write_whole

    if options.output is None and options.check is None and options.diff is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return DONE
    try:
        if options.output is not None:
            write_whole(options.output, text)
            return DONE
        file = options.check or options.diff
        _, old = read_text(file)
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        return unusable(error, options.output or options.check or options.diff)
    if options.diff is not None:
        lines = difflib.unified_diff(old.splitlines(keepends=True), text.splitlines(keepends=True), file, "what would be written")
        sys.stdout.writelines(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
        sys.stdout.flush()
        return DONE
    if old == text:
        return DONE
    print(f"{file}: not what would be written (s2sad ... -o {file} writes it, --diff {file} shows the difference)", file=sys.stderr)
    return NOTHING


def read_text(path: str) -> tuple[str, str]:
    """The absolute path, `<stdin>` for `-`, and the text of the file, in the encoding that it declares."""
    import io
    import tokenize

    if path == "-":
        name, data = "<stdin>", sys.stdin.buffer.read()
    else:
        name = os.path.abspath(path)
        with open(path, "rb") as file:
            data = file.read()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return name, io.TextIOWrapper(io.BytesIO(data), encoding).read()


def public_functions(path: str, text: str) -> list[str]:
    from s2sad.reading.read import functions_in

    return functions_in(path, text)


def asked_for(options: argparse.Namespace) -> Asked:
    from s2sad.static import Asked, types_of

    mode = "jvp" if options.mode == "forward" else "value_and_grad" if options.value else "grad"
    return Asked(mode, wrt_of(options.wrt), None if options.types is None else types_of(options.types), options.comments)


def wrt_of(text: str) -> Wrt:
    """`w` and `0` are one parameter, `w,b` and `w,` a tuple.

    >>> wrt_of("w"), wrt_of("w, 1"), wrt_of("w,")
    ('w', ('w', 1), ('w',))
    """
    entries = tuple(int(part) if part.lstrip("-").isdigit() else part for part in map(str.strip, text.split(",")) if part)
    return entries[0] if len(entries) == 1 and "," not in text else entries


def unusable(error: OSError | SyntaxError | UnicodeDecodeError, path: str) -> int:
    if isinstance(error, OSError):
        message = f"{error.filename or path}: {error.strerror or error}"
    elif isinstance(error, SyntaxError) and error.lineno is not None:
        message = f"{error.filename or path}:{error.lineno}:{error.offset or 1}: {error.msg}"
    else:
        message = f"{path}: {error}"
    print(f"s2sad: {message}", file=sys.stderr)
    return UNUSABLE


# The rules


def list_rules(arguments: Sequence[str]) -> int:
    listing = argparse.ArgumentParser(prog="s2sad rules", description="Prints the rules whose pattern holds PATTERN.")
    listing.add_argument("pattern", nargs="?", default="", metavar="PATTERN", help="a part of the call, or with * and ?, the whole of it")
    listing.add_argument("--count", action="store_true", help="how many functions have a derivative")
    listing.add_argument("--markdown", action="store_true", help="the page docs/rules.md: what is done for each function of NumPy")
    asked = listing.parse_args(arguments)
    if asked.count or asked.markdown:
        from s2sad.rules import index

        sys.stdout.write(index.page() if asked.markdown else "".join(f"{n:5} {what}\n" for what, n in index.counts().items()))
        return DONE
    table = rule_table(asked.pattern)
    if not table:
        print("s2sad: no rule matches", file=sys.stderr)
        return NOTHING
    sys.stdout.write(table)
    return DONE


def rule_table(pattern: str = "") -> str:
    """The rules as text, one argument's adjoint to a line: the call, the argument, the adjoint, for which arguments it holds.

    >>> print(rule_table("np.tanh"), end="")
    np.tanh(x)    x_bar = g * (1 - y**2)
    """
    from fnmatch import fnmatchcase

    from s2sad import rules

    rows: list[tuple[str, str, str]] = []
    for rule in rules.rules():
        name = rule.pattern.partition("(")[0]
        if not (pattern in rule.pattern or fnmatchcase(name, pattern) or fnmatchcase(rule.pattern, pattern)):
            continue
        lines = [(f"{param}_bar", text, "") for param, text in rule.adjoints.items()]
        lines += [(f"{param}_bar", text, case.guard) for case in rule.cases for param, text in case.adjoints.items()]
        lines += [(f"{param}_bar", "item by item", "") for param in rule.items]
        shown = [f"{name} = {text}" + (f"    where {guard}" if guard else "") for name, text, guard in lines] or ["derivative 0"]
        rows += [(rule.pattern if i == 0 else "", line, "") for i, line in enumerate(shown)]
    width = max((len(row[0]) for row in rows), default=0)
    return "".join(f"{row[0]:{width}}    {row[1]}".rstrip() + "\n" for row in rows)
