"""Ceph's S3 server with a cluster of one node behind it, all in memory, as Debian packages it (Ceph 16).

Its daemons run in the foreground as children of this process, so that they can be ended one by one; what they hold is
lost then. They need ``radosgw``, ``ceph-mon`` and ``ceph-osd``; `.ci/install-servers` installs them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.processes import await_server, ended, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
_PATIENCE = 120
"""Seconds that a step may take on a busy machine; all of them take 20 on an idle one."""
_CONFIGURATION = """\
[global]
fsid = {cluster}
mon_host = v2:127.0.0.1:{mon},v1:127.0.0.1:{old_mon}
public_network = 127.0.0.0/8
cluster_network = 127.0.0.0/8
ms_bind_ipv6 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
# Without it radosgw asks for cephx, which nobody here has.
ms_mon_client_mode = crc secure
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
osd_crush_chooseleaf_type = 0
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
mon_max_pg_per_osd = 2000
run_dir = {folder}
admin_socket = {folder}/$name.asok
log_file = {folder}/$name.log
pid_file = {folder}/$name.pid
setuser_match_path =
[mon]
mon_data = {folder}/mon
[osd]
osd_data = {folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_max_object_name_len = 2048
osd_class_load_list = *
osd_class_default_list = *
[client]
keyring = /dev/null
rgw_data = {folder}/rgw
rgw_enable_usage_log = false
rgw_enable_ops_log = false
rgw_dynamic_resharding = false
rgw_override_bucket_index_max_shards = 1
"""


def missing() -> str:
    """Returns which programs are not installed, or ""."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


@contextmanager
def radosgw() -> Iterator[str]:
    """Runs the server; yields its endpoint. Keys are those of `tests.servers.AWS`."""
    with ExitStack() as stack:
        # Not pytest's folder: a socket's path has at most 107 bytes.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rgw")))
        configuration = _configure(folder)
        _start_monitor(stack, folder, configuration)
        _start_storage(stack, folder, configuration)
        yield _start_gateway(stack, folder, configuration)


def _configure(folder: Path) -> str:
    for name in ("mon", "osd", "rgw"):
        (folder / name).mkdir()
    path = folder / "ceph.conf"
    text = _CONFIGURATION.format(cluster=uuid.uuid4(), mon=free_port(), old_mon=free_port(), folder=folder)
    path.write_text(text, encoding="utf-8")
    return str(path)


def _start_monitor(stack: ExitStack, folder: Path, configuration: str) -> None:
    text = Path(configuration).read_text(encoding="utf-8")
    cluster, addresses = (_said(text, name) for name in ("fsid", "mon_host"))
    monmap = str(folder / "monmap")
    _run("monmaptool", "--create", "--clobber", "--addv", "a", f"[{addresses}]", "--fsid", cluster, monmap)
    _run("ceph-mon", "-c", configuration, "-i", "a", "--mkfs", "--monmap", monmap)
    _daemon(stack, folder, "ceph-mon", "-c", configuration, "-i", "a", "-f")


def _start_storage(stack: ExitStack, folder: Path, configuration: str) -> None:
    identity = str(uuid.uuid4())
    _run("ceph", "-c", configuration, "osd", "new", identity)
    _run("ceph-osd", "-c", configuration, "-i", "0", "--mkfs", "--osd-uuid", identity)
    _daemon(stack, folder, "ceph-osd", "-c", configuration, "-i", "0", "-f")


def _start_gateway(stack: ExitStack, folder: Path, configuration: str) -> str:
    user = ("--uid=test", "--display-name=test", "--access-key=test", "--secret=test")
    _run("radosgw-admin", "-c", configuration, "user", "create", *user)
    port = free_port()
    frontend = f"beast endpoint=127.0.0.1:{port}"
    gateway = _daemon(
        stack, folder, "radosgw", "-c", configuration, "-n", "client.admin", "-f", "--rgw-frontends", frontend
    )
    await_server(gateway, port)
    return f"http://127.0.0.1:{port}"


def _run(*command: str) -> None:
    """Runs a step to its end; what it said is in the exception."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_PATIENCE, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout.decode(errors='replace')}")


def _daemon(stack: ExitStack, folder: Path, *command: str) -> subprocess.Popen[bytes]:
    output = stack.enter_context((folder / f"{command[0]}.out").open("wb"))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    stack.enter_context(ended(process))
    return process


def _said(text: str, name: str) -> str:
    return next(line.partition(" = ")[2] for line in text.splitlines() if line.startswith(f"{name} = "))
