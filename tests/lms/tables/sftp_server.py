"""A real SFTP server in a thread, with a key of its own and one account's."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh


@dataclass(frozen=True)
class SftpServer:
    """Where it listens, the folder that it serves, the account's key, and the file that knows the host."""

    port: int
    folder: Path
    key: Path
    known_hosts: Path


@contextmanager
def sftp_server(place: Path) -> Iterator[SftpServer]:
    """Serves until the block ends. Whoever brings the key is let in, under whatever name."""
    folder = place / "served"
    (folder / "in").mkdir(parents=True)
    host, account = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    key, known, known_hosts = place / "key", place / "authorized", place / "known_hosts"
    account.write_private_key(str(key))
    key.chmod(0o600)
    account.write_public_key(str(known))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def serve() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host],
            authorized_client_keys=str(known),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(folder)),
        )

    async def stop(acceptor: asyncssh.SSHAcceptor) -> None:
        acceptor.close()
        await acceptor.wait_closed()

    acceptor = asyncio.run_coroutine_threadsafe(serve(), loop).result(20)
    try:
        port = acceptor.get_port()
        known_hosts.write_text(f"[127.0.0.1]:{port} {host.export_public_key().decode()}")
        yield SftpServer(port, folder, key, known_hosts)
    finally:
        asyncio.run_coroutine_threadsafe(stop(acceptor), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()
