from tests.server.live import running, server, tiny_bot

__all__ = ["running", "server", "tiny_bot"]
