"""Runs a check from options to exit code.

This module is on the path of every run, so it imports next to nothing at its top.
"""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from layout_lint.cli.bucket_fixing import BucketFixing
    from layout_lint.cli.fixing import Fixing
    from layout_lint.cli.options import Options
    from layout_lint.cli.outputs import Output
    from layout_lint.model.report import Report
    from layout_lint.model.rule import Rule
    from layout_lint.plugins.registry import Registry
    from layout_lint.plugins.unchanged import Earlier
    from layout_lint.reporters.tree import TreeView

USER_ERROR = 2
NOT_AUDITED = 3
INTERRUPTED = 130


def run_guarded(options: "Options") -> int:
    """Runs a check and turns what can go wrong into a sentence and an exit code; all else keeps its traceback."""
    return guarded(lambda: run(options))


def guarded(work: "Callable[[], int]") -> int:
    """Calls `work` and returns its exit code, or that of the failure it ended with."""
    from layout_lint.model.error import UserError  # noqa: PLC0415 - kept off the module's top for its importers
    from layout_lint.sources.source import Unreadable  # noqa: PLC0415 - as above

    _open_closed_streams()
    try:
        _be_somewhere()
        code = work()
        sys.stdout.flush()
    except UserError as error:
        _say(str(error))
        return USER_ERROR
    except Unreadable as error:
        _say(f"{error.path}: not audited: {error.reason}" if error.path else f"not audited: {error.reason}")
        return NOT_AUDITED
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_output()  # whoever read it has had enough
        return 1
    except Exception as error:  # noqa: BLE001 - ours, not the user's: its traceback is kept, and it is no finding
        code = _fail(error)
    return code


def _open_closed_streams() -> None:
    """Gives Python streams to nowhere in place of those that the caller has closed (``>&-``), which it has as None."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open until the end
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as above
        sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as above


def _fail(error: Exception) -> int:
    """Says that something unforeseen has happened, and returns the exit code."""
    reason = _fault_of_output(error)
    if reason:
        _give_up_output()
        _say(f"the output could not be written: {reason}")
        return USER_ERROR
    from traceback import print_exception  # noqa: PLC0415 - only after a failure

    print_exception(error)
    _say("this is a fault of layout-lint or of a plugin, not yours; what was to be checked was not audited")
    return NOT_AUDITED


def _fault_of_output(error: Exception) -> str:
    """Returns why standard output takes no more, such as that its disk is full; "" for any other failure."""
    from errno import EFBIG, EIO, ENOSPC  # noqa: PLC0415 - only after a failure

    if isinstance(error, OSError) and error.filename is None and error.errno in (EFBIG, EIO, ENOSPC):
        return error.strerror or str(error)
    return ""


def _give_up_output() -> None:
    """Sends the rest of the output nowhere; Python must not complain at exit that it cannot flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _be_somewhere() -> None:
    """Checks that the current folder exists, which all relative paths begin at.

    Raises:
        UserError: it was removed.
    """
    try:
        os.getcwd()
    except FileNotFoundError:
        from layout_lint.model.error import Mistake, UserError  # noqa: PLC0415 - only after a mistake

        message = "the current folder has been removed"
        raise UserError([Mistake(message, hint="go to one that exists, such as with `cd ~`")]) from None


def run(options: "Options") -> int:
    """Checks the targets, writes the report in every format that is asked for, and returns the exit code.

    Raises:
        UserError: the user's mistake.
        layout_lint.sources.source.Unreadable: a target as a whole cannot be read.
    """
    from layout_lint.cli.opening import earlier_of  # noqa: PLC0415 - as above

    began = time.perf_counter()
    changes = options.fix or options.diff or options.unsafe_fixes or options.fix_only or options.show_fixes
    earlier = None if changes else earlier_of(options)
    try:
        return _run(options, earlier, began, changes=bool(changes))
    finally:
        if earlier is not None:
            earlier.end()


def _run(options: "Options", earlier: "Earlier | None", began: float, *, changes: bool) -> int:
    """Carries out `run`.

    Args:
        options: what the user asked for.
        earlier: what earlier runs have written down of a target.
        began: when the run began.
        changes: fixes are asked for.
    """
    from layout_lint.cli.check import check_targets  # noqa: PLC0415 - as above
    from layout_lint.cli.outputs import PROSE, plan  # noqa: PLC0415 - as above
    from layout_lint.plugins import load as plugins  # noqa: PLC0415 - as above

    named = options.plugins
    if not options.isolated:
        from layout_lint.config.load import load_user  # noqa: PLC0415 - as above

        named = (*load_user().plugins, *named)
    foreign = any("://" in target and target[:5].lower() != "s3://" for target in options.targets)
    registry = plugins.load(named, options.no_plugins, whole=foreign)
    outputs = plan(options, registry)
    view = _tree_view(options)
    listener = None if view is None else view.add
    is_prose = any(not one.file and one.format in PROSE for one in outputs)
    if changes:
        fixing = _fixing(options, registry, is_text=is_prose)
        if options.diff:
            return fixing.show()
        report = fixing.carry_out(listener)
        fixing.tell_before()
    else:
        fixing = None
        report = check_targets(options, registry, listener, earlier)
    report.seconds = time.perf_counter() - began
    report.statistics = options.statistics
    report.rules = lambda: _documented(registry, named, options)
    for output in outputs:
        _report(report, output, options, registry, view)
    if fixing is not None:
        fixing.tell_after()
    elif is_prose and any(finding.fix for finding in report.findings) and _can_be_mended(options):
        from layout_lint.cli.fix_texts import available  # noqa: PLC0415 - only where something can be mended

        _print(available(report))
    return report.exit_code


def _can_be_mended(options: "Options") -> bool:
    """Returns whether the same call with ``--fix`` would take these targets: `s3` mends no folders."""
    return not options.bucket or all(target[:5].lower() == "s3://" for target in options.targets)


def _fixing(options: "Options", registry: "Registry", *, is_text: bool) -> "Fixing | BucketFixing":
    if options.bucket:
        from layout_lint.cli.bucket_fixing import BucketFixing  # noqa: PLC0415 - only with these options

        return BucketFixing(options, registry, is_text=is_text)
    from layout_lint.cli.fixing import Fixing  # noqa: PLC0415 - as above

    return Fixing(options, registry, is_text=is_text)


def _documented(registry: "Registry", named: "Sequence[str]", options: "Options") -> "Sequence[Rule]":
    """Returns all rules with their documentation, which a registry out of the cache lacks."""
    if any(rule.documentation for rule in registry.rules):
        return registry.rules
    from layout_lint.plugins import load as plugins  # noqa: PLC0415 - as above

    return plugins.load(named, options.no_plugins, whole=True).rules


def _report(
    report: "Report", output: "Output", options: "Options", registry: "Registry", view: "TreeView | None"
) -> None:
    """Writes a report in one format to where it goes."""
    from layout_lint.cli.outputs import TEXT, write  # noqa: PLC0415 - as above

    colour = options.color == "always" if output.file else _colour(options.color)
    report.ascii_only = not (output.file or _unicode(sys.stdout))
    if view is not None and output.format in TEXT:
        made = view.draw(report, colour, ascii_only=report.ascii_only)
    else:
        made = _render(registry, output.format)(report, colour)
    if output.file:
        write(made, output.file)
    else:
        _print(made)


def _tree_view(options: "Options") -> "TreeView | None":
    if options.view != "tree":
        return None
    from layout_lint.reporters.tree import TreeView  # noqa: PLC0415 - only for this view

    return TreeView()


def _render(registry: "Registry", name: str) -> "Callable[[Report, bool], str]":
    from layout_lint.plugins.registry import find  # noqa: PLC0415 - as above

    _, module, function = registry.reporters[name]
    render: Callable[[Report, bool], str] = find(module, function)
    return render


def _colour(wish: str) -> bool:
    """Returns whether to write colour: as the user wishes, else as NO_COLOR, FORCE_COLOR and the terminal say."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def _print(output: str) -> None:
    """Writes output in the terminal's encoding; what that lacks is escaped, never an error."""
    data = output.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(data if data.endswith(b"\n") or not data else data + b"\n")


def _say(message: str) -> None:
    """Writes one message for the user to stderr, with nothing in it that a terminal would obey."""
    from layout_lint.reporters.escape import printable  # noqa: PLC0415 - only after a failure

    lines = "\n".join(f"layout-lint: {printable(line)}" for line in message.split("\n"))
    sys.stderr.write(lines if _unicode(sys.stderr) else lines.encode("ascii", "backslashreplace").decode())
    sys.stderr.write("\n")


def _unicode(stream: "TextIO") -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"
