"""The command line: arguments, progress and exit codes; it decides nothing about layouts."""
