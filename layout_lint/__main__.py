"""The command ``layout-lint``; ``python -m layout_lint`` is the same."""

import os
import sys


def main(arguments: "list[str] | None" = None) -> int:
    """Runs the command line and returns its exit code (see docs/exit-codes.md).

    Args:
        arguments: without the program's name; None for those of the process.
    """
    from layout_lint.cli.options import quick  # noqa: PLC0415 - `python -m` mends the path first

    words = sys.argv[1:] if arguments is None else arguments
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
