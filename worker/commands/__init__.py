"""The commands, one module each with a `command`; worker/cli.py imports one only when it is called."""
