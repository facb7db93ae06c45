"""命令行 the only program: serve, migrate, seed, demo, and what an operator does by hand.

For: arguments, progress, exit codes, sentences for the operator; one file a command.
Not for: deciding or recording anything: a command calls the same actions as the API does.
May import: registry.app, registry.api, registry.actions, registry.store, registry.gateways,
    registry.policies, registry.domain
Start reading at: ``entry.py`` (how a command is found and ended), then the command's own file.
"""

from registry.cli.entry import main

__all__ = ["main"]
