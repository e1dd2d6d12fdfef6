"""A PostgreSQL server of Debian's packages on a loopback port, for as long as the tests run."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW = "PostgreSQL is not installed (as root: apt-get install postgresql)"


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest version first; None if they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database. Raises LookupError if there is no PostgreSQL that can be started here."""
    folder = programs()
    if folder is None:
        raise LookupError(HOW)
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg") as temporary, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        if user:
            os.chown(temporary, pwd.getpwnam(user).pw_uid, -1)
        data = f"{temporary}/data"

        def run(program: str, *options: str) -> None:
            subprocess.run([folder / program, *options], check=True, capture_output=True, user=user, cwd="/")

        run("initdb", "-D", data, "-U", "tests", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={temporary} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-t", "30", "-l", f"{temporary}/log", "-o", options, "start")
        try:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "tests", "conversations")
            yield f"postgresql://tests@127.0.0.1:{port}/conversations"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
