"""What is seen of a running server: logs, request ids, metrics, traces."""
