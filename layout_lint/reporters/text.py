"""Text for people and editors: the formats ``full``, ``concise`` and ``grouped``, and the summary below them.

This module is on the path of every run, so it imports next to nothing; how findings look is the affair of
`layout_lint.reporters.findings`, which a clean run never imports.
"""

from layout_lint.reporters.escape import BOLD, DIM, GREEN, RED, paint, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from layout_lint.model.report import Report


def full(report: "Report", colour: bool) -> str:
    """Returns each finding with place, rule, message and remedy, what was not audited, and the summary."""
    if not (report.findings or report.not_audited):
        return summary(report, colour) + "\n"
    from layout_lint.reporters import findings  # noqa: PLC0415 - only where something is wrong

    return findings.join(findings.full(report, colour), report, colour)


def concise(report: "Report", colour: bool) -> str:
    """Returns one line for each finding, ``path:line:column: CODE message``, for editors and grep."""
    if not (report.findings or report.not_audited):
        return summary(report, colour) + "\n"
    from layout_lint.reporters import findings  # noqa: PLC0415 - as above

    lines = [*findings.concise(report, colour), *statistics(report, colour), summary(report, colour)]
    return "\n".join(lines) + "\n"


def grouped(report: "Report", colour: bool) -> str:
    """Returns the findings below the path that they are about."""
    if not (report.findings or report.not_audited):
        return summary(report, colour) + "\n"
    from layout_lint.reporters import findings  # noqa: PLC0415 - as above

    return findings.join(findings.grouped(report, colour), report, colour)


def summary(report: "Report", colour: bool) -> str:
    """Returns one line: how many findings, in how many entries, of which layouts, what was not audited."""
    clean = not (report.findings or report.not_audited or report.crashed)
    style = f"{BOLD};{GREEN}" if clean else BOLD if not report.findings else f"{BOLD};{RED}"
    said = [f"in {count(report.seen, 'entry', 'entries')}{_layouts(report)}"]
    if report.requests:
        said.append(count(report.requests, "request"))
    text = f"{paint(_findings(report), style, colour)} {paint(', '.join(said), DIM, colour)}"
    if report.not_audited:
        parts = len(report.not_audited)
        text += paint(f"; {count(parts, 'part')} {'was' if parts == 1 else 'were'} not audited", BOLD, colour)
    if report.crashed:
        text += paint(f"; {count(len(report.crashed), 'rule')} crashed: {_codes(report)}", BOLD, colour)
    return text


def statistics(report: "Report", colour: bool) -> "list[str]":
    """Returns a line for each rule that found something, the most frequent first; none unless they are asked for."""
    if not (report.statistics and report.findings):
        return []
    from layout_lint.reporters.statistics import counts  # noqa: PLC0415 - only then

    found = counts(report)
    width = len(f"{found[0].number:,}")
    return [
        f"{paint(f'{one.number:>{width},}', BOLD, colour)}  {printable(one.code)}  {printable(one.rule)}"
        for one in found
    ]


def count(number: int, one: str, many: str = "") -> str:
    """Returns a number and its noun, singular or plural: ``1 entry``, ``1,234 entries``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _findings(report: "Report") -> str:
    if not report.findings:
        return "no findings"
    severities = [finding.severity for finding in report.findings]
    kinds = [
        count(severities.count(severity), severity, many)
        for severity, many in (("error", "errors"), ("warning", "warnings"), ("info", "info"))
        if severity in severities
    ]
    return f"{count(len(severities), 'finding')} ({', '.join(kinds)})"


def _layouts(report: "Report") -> str:
    names = [layout for _, _, layout in report.roots]
    said = [
        printable(name) + (f" ({names.count(name)} roots)" if names.count(name) > 1 else "")
        for name in dict.fromkeys(names)
    ]
    if not said:
        return ""
    return " of " + " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _codes(report: "Report") -> str:
    return ", ".join(map(printable, sorted(report.crashed)))
