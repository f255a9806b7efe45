"""The command ``layout-lint``; ``python -m layout_lint`` is the same."""

import os
import sys

INTERRUPTED = 130


def main(arguments: "list[str] | None" = None) -> int:
    """Runs the command line and returns its exit code (see docs/exit-codes.md).

    Args:
        arguments: without the program's name; None for those of the process, which ends here where it is interrupted.
    """
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # once more, while the first one was being told of, or before anything could tell of it
        code = INTERRUPTED
    if code == INTERRUPTED and arguments is None:
        # here and at once, in no function of its own: Ctrl-C once more would be raised at its first line, and where the
        # interpreter ends it would end the process by a signal
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(INTERRUPTED)
    return code


def _run(words: "list[str]") -> int:
    from layout_lint.cli.options import quick  # noqa: PLC0415 - `python -m` mends the path first

    options = quick(words)
    if options is not None:
        from layout_lint.cli.run import run_guarded  # noqa: PLC0415 - as above

        return run_guarded(options)
    from layout_lint.cli.app import run_app  # noqa: PLC0415 - imports click, which a plain check does without

    return run_app(words)


if __name__ == "__main__":
    # ``python -m`` puts the current folder first on the path: a checked repository must not hand us its modules.
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != os.getcwd() or os.getcwd() == here]
    sys.exit(main())
