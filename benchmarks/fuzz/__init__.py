"""Hostile requests, many of them: ``python -m benchmarks.fuzz``."""
