"""事项准入 admission registry."""

__version__ = "0.1.0"
