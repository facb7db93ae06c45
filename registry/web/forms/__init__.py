"""表单 how a command becomes a form, and what was typed becomes a command: one way for every act.

``fields`` reads the type, ``filled`` makes the command, ``choices`` says what may be picked.
"""
