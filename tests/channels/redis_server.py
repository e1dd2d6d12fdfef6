"""As much of Redis as the channel uses: SET with NX and EX, EXISTS, and DEL."""

import asyncio
from typing import Any


class RedisServer:
    """Keeps keys in memory; ``lifetimes`` holds the seconds that each was given."""

    def __init__(self) -> None:
        self.lifetimes: dict[str, int] = {}
        self.url = ""
        self._server: Any = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self.url = f"redis://{host}:{port}/0"

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await reader.readline():
                words = []
                for _ in range(int(head[1:])):
                    size = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(size + 2))[:-2].decode())
                writer.write(self._answer(*words))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, name: str, *words: str) -> bytes:
        match name.upper():
            case "SET":
                key, _, *options = words
                if "NX" in options and key in self.lifetimes:
                    return b"$-1\r\n"
                self.lifetimes[key] = int(options[options.index("EX") + 1])
                return b"+OK\r\n"
            case "EXISTS":
                return b":%d\r\n" % (words[0] in self.lifetimes)
            case "DEL":
                return b":%d\r\n" % (self.lifetimes.pop(words[0], None) is not None)
        return b"+OK\r\n"
