"""A PostgreSQL server of Debian's packages on a loopback port, for as long as the tests run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.services import missing, postgres

HOW = "PostgreSQL is not installed (as root: apt-get install postgresql)"


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database. Raises LookupError if there is no PostgreSQL that can be started here."""
    if missing("postgres"):
        raise LookupError(HOW)
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server, address = postgres(Path(folder))
        server.start()
        try:
            server.wait_until_ready(60)
            yield address
        finally:
            server.stop()
