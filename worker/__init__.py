"""Followthrough: a worker that makes every 1:1 follow through."""

__version__ = "0.1.0"
