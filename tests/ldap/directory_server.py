"""A real directory server, Debian's slapd, with people of an invented place in it."""

import os
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from ldap3 import MODIFY_REPLACE, NONE, Connection, Server

HERE = "127.0.0.1"
BASE = "ou=Personal,dc=example,dc=org"
READER, READER_PASSWORD = "cn=telefonist,dc=example,dc=org", "läs-med-mig"
_ROOT, _ROOT_PASSWORD = "cn=admin,dc=example,dc=org", "rot"
_UNLIMITED = f'limits dn.exact="{READER}" size=unlimited'
_PATIENCE_SECONDS = 20
_SCHEMAS = ("core", "cosine", "nis", "inetorgperson")
_WINDOWS = """
include /etc/ldap/schema/msuser.schema
objectclass ( 1.3.6.1.4.1.32473.1 NAME 'windowsPerson' SUP top AUXILIARY
  MAY ( ipPhone $ otherMobile $ department ) )
"""
Values = Mapping[str, str | bytes | Sequence[str | bytes]]
# What every one of them has.
_OF_WINDOWS: Values = {
    "instanceType": "4",
    "nTSecurityDescriptor": "0",
    "objectCategory": "cn=Person,cn=Schema,dc=example,dc=org",
}


def slapd() -> str | None:
    """Return where the program is; None where it is not installed."""
    # It is where only root looks for programs.
    return shutil.which("slapd", path=f"{os.environ['PATH']}:/usr/sbin")


@dataclass(frozen=True)
class Person:
    """Somebody in the directory server, as inetOrgPerson or as Windows has them."""

    cn: str
    values: Values = field(default_factory=dict)
    is_windows: bool = False

    @property
    def dn(self) -> str:
        return f"cn={self.cn},{BASE}"

    @property
    def whole(self) -> dict[str, list[bytes]]:
        of = ["user", "windowsPerson"] if self.is_windows else ["inetOrgPerson"]
        values: Values = {"objectClass": of, "cn": self.cn, "sn": self.cn.split()[-1]}
        if self.is_windows:
            values = {**values, **_OF_WINDOWS}
        return {name: _many(each) for name, each in {**values, **self.values}.items()}


def people(*numbers: int) -> list[Person]:
    """Return somebody for each number, who can be told from all others."""
    return [
        Person(
            f"Person {number}",
            {
                "telephoneNumber": str(number),
                "mail": f"p{number}@example.org",
                "ou": f"Enhet {number % 7}",
                "mobile": f"070-{number:07}",
            },
        )
        for number in numbers
    ]


@dataclass(frozen=True)
class DirectoryServer:
    """A server that runs, and can be changed."""

    port: int
    tls_port: int
    authorities: Path
    process: subprocess.Popen[bytes]

    @property
    def plain(self) -> str:
        return f"ldap://{HERE}:{self.port}"

    @property
    def encrypted(self) -> str:
        return f"ldaps://{HERE}:{self.tls_port}"

    @property
    def settings(self) -> str:
        """What a settings file says of it, beside the variable of the password."""
        return f"""
[ldap]
address = "{self.encrypted}"
authorities = "{self.authorities}"
user = "{READER}"
base = "{BASE}"
"""

    def add(self, *those: Person) -> None:
        with self._opened() as connection:
            for each in those:
                connection.add(each.dn, attributes=each.whole)

    def put(self, dn: str, **values: str | Sequence[str]) -> None:
        """Add what is nobody: a group, or a branch that is on another server."""
        with self._opened() as connection:
            connection.add(dn, attributes=values)

    def change(self, cn: str, **values: str | bytes | Sequence[str | bytes]) -> None:
        """Replace values of somebody; none takes the attribute away."""
        wanted = {
            name: [(MODIFY_REPLACE, _many(value) if value else [])]
            for name, value in values.items()
        }
        with self._opened() as connection:
            connection.modify(f"cn={cn},{BASE}", wanted)

    def remove(self, *names: str) -> None:
        with self._opened() as connection:
            for cn in names:
                connection.delete(f"cn={cn},{BASE}")

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        server = Server(HERE, self.port, get_info=NONE)
        connection = Connection(
            server,
            _ROOT,
            _ROOT_PASSWORD,
            auto_bind=True,
            check_names=False,
            raise_exceptions=True,
        )
        try:
            yield connection
        finally:
            connection.unbind()


@contextmanager
def running(
    folder: Path,
    those: Sequence[Person] = (),
    more: str = _WINDOWS,
    of_base: str = _UNLIMITED,
) -> Iterator[DirectoryServer]:
    """Run a server over a folder until the end, with lines of settings of its own."""
    program = slapd()
    assert program is not None
    authorities = _certificates(folder)
    settings = folder / "slapd.conf"
    settings.write_text(_settings(folder, more, of_base), encoding="utf-8")
    (folder / "data").mkdir()
    _load(program, folder, those)
    port, tls_port = _free_port(), _free_port()
    at = f"ldap://{HERE}:{port} ldaps://{HERE}:{tls_port}"
    # With -d it stays in front, and is a process of ours.
    command = [program, "-f", str(settings), "-h", at, "-d", "0"]
    with open(folder / "slapd.log", "wb") as told:
        process = subprocess.Popen(command, stderr=told, stdout=told)
    try:
        _wait(process, port, folder)
        yield DirectoryServer(port, tls_port, authorities, process)
    finally:
        process.kill()
        process.wait()


def _settings(folder: Path, more: str, of_base: str) -> str:
    included = "\n".join(f"include /etc/ldap/schema/{each}.schema" for each in _SCHEMAS)
    return f"""
{included}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.pem
{more}
database mdb
maxsize 268435456
suffix "dc=example,dc=org"
rootdn "{_ROOT}"
rootpw {_ROOT_PASSWORD}
directory {folder}/data
dbnosync
{of_base}
access to attrs=userPassword by anonymous auth
access to * by dn.exact="{READER}" read
"""


def _load(program: str, folder: Path, those: Sequence[Person]) -> None:
    """Put people in before the server runs, which takes a second for thousands."""
    organization = {"objectClass": ["organization", "dcObject"], "o": "Storby"}
    entries: dict[str, Values] = {
        "dc=example,dc=org": organization | {"dc": "example"},
        BASE: {"objectClass": "organizationalUnit", "ou": "Personal"},
        READER: {
            "objectClass": ["organizationalRole", "simpleSecurityObject"],
            "cn": "telefonist",
            "userPassword": READER_PASSWORD,
        },
        **{each.dn: each.whole for each in those},
    }
    file = folder / "people.ldif"
    file.write_bytes(b"".join(_ldif(dn, values) for dn, values in entries.items()))
    command = [program, "-T", "add", "-q", "-f", str(folder / "slapd.conf")]
    done = subprocess.run([*command, "-l", str(file)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _ldif(dn: str, values: Values) -> bytes:
    lines = [_line("dn", dn.encode())]
    lines += [_line(name, v) for name, each in values.items() for v in _many(each)]
    return b"".join(lines) + b"\n"


def _line(name: str, value: bytes) -> bytes:
    return b"%s:: %s\n" % (name.encode(), b64encode(value))


def _many(value: str | bytes | Sequence[str | bytes]) -> list[bytes]:
    several = [value] if isinstance(value, str | bytes) else value
    return [each.encode() if isinstance(each, str) else each for each in several]


def _certificates(folder: Path) -> Path:
    authority = trustme.CA()
    authorities = folder / "authorities.pem"
    authority.cert_pem.write_to_path(str(authorities))
    certificate = authority.issue_cert(HERE)
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return authorities


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, (folder / "slapd.log").read_text("utf-8")
        try:
            socket.create_connection((HERE, port), 1).close()
            return
        except OSError:
            # It listens when it listens: there is nothing to wait for but that.
            time.sleep(0.02)
    raise AssertionError((folder / "slapd.log").read_text("utf-8"))
