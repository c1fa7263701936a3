"""Tables go out each night: into a folder, or by SFTP, whole and with nothing under embargo."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.people.models import Person
from lms.tables.sending.rules import Destination, read_destination, read_kinds
from lms.tables.sending.services import send_tables
from reviews.cases.rules import Publication
from tests.databases import ON_SQLITE
from tests.lms.tables.sftp_server import sftp_server
from tests.make import Make


@pytest.mark.parametrize(
    "typed",
    ["", "/srv/exports", "file:///", "http://x/", "sftp://files.example/in", "sftp://a:secret@h/in", 'file:///"'],
)
def test_what_is_no_destination_is_refused_at_the_start(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (whatever it says, the setting's own words are shown)
        read_destination(typed)


def test_a_destination_is_a_folder_or_an_account_elsewhere() -> None:
    assert read_destination("file:///srv/exports") == Destination("/srv/exports")
    assert read_destination("sftp://gt@files.example:2222/in") == Destination("/in", "files.example", "gt", 2222)
    assert read_kinds("certificates, invoices") == ("certificates", "invoices")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    to = f"file://{tmp_path / 'out'}"
    return replace(settings, others={"LMS_TABLES_SEND_TO": to, "LMS_TABLES_SEND_KINDS": "people,coverage-matrix"})


def with_values(app: Flask, work: Work, **values: object) -> Work:
    site = app.extensions["lms"]
    return replace(work, site=replace(site, values={**site.values, **{f"tables.{n}": v for n, v in values.items()}}))


def test_the_chosen_tables_lie_in_the_folder_without_what_is_under_embargo(
    app: Flask, work: Work, make: Make, tmp_path: Path
) -> None:
    make.person("Nadia Quillfeather", ref="P-1")
    make.learning_point("Ask at Wrenfold", review=make.review(publication=Publication.EMBARGOED))
    make.learning_point("Open for all to read", review=make.review())
    out, in_site = tmp_path / "out", with_values(app, work)
    send_tables(in_site)
    assert sorted(each.name for each in out.iterdir()) == ["coverage-matrix.csv", "people.csv"]
    assert "P-1,Nadia Quillfeather" in (out / "people.csv").read_text(encoding="utf-8-sig")
    said = (out / "coverage-matrix.csv").read_text(encoding="utf-8-sig")
    assert ("Open for all" in said, "Wrenfold" in said) == (True, False)
    assert (out / "people.csv").stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="names nonsense"):
        send_tables(with_values(app, work, send_kinds=("nonsense",)))
    send_tables(with_values(app, work, send_to=None))


def test_sftp_is_told_the_key_and_to_refuse_unknown_hosts(
    app: Flask, work: Work, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSSH's program is another's; what it is asked is ours."""
    make.person("Nadia Quillfeather")
    programs, told = tmp_path / "bin", tmp_path / "told"
    programs.mkdir()
    program = programs / "sftp"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {told}\ncat >> {told}\n[ ! -f {told}.no ] || {{ echo denied >&2; exit 1; }}\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    to = Destination("/in", "files.example", "gt", 2222)
    asks = with_values(app, work, send_to=to, send_key="/keys/own", send_known_hosts="/keys/hosts")
    send_tables(asks)
    said = told.read_text()
    for part in ("-P 2222", "StrictHostKeyChecking=yes", "BatchMode=yes", "IdentityFile=/keys/own", "gt@files.example"):
        assert part in said, part
    assert 'put "people.csv" ".people.csv.part"' in said
    (tmp_path / "told.no").touch()
    with pytest.raises(Conflict, match=r"files\.example did not take the tables into /in: denied"):
        send_tables(asks)


@pytest.mark.skipif(shutil.which("sftp") is None, reason="openssh-client is not installed")
@ON_SQLITE
def test_a_real_server_takes_the_tables_whole_and_an_unknown_one_is_refused(
    app: Flask, work: Work, make: Make, tmp_path: Path
) -> None:
    make.person("Nadia Quillfeather", ref="P-1")
    with sftp_server(tmp_path) as server:
        to = Destination("/in", "127.0.0.1", "gt", server.port)
        values = {"send_to": to, "send_key": str(server.key), "send_known_hosts": str(server.known_hosts)}
        for name in ("Nadia Quillfeather", "Nadia Vane"):
            work.session.execute(sa.update(Person).values(name=name))
            send_tables(with_values(app, work, **values))
            taken = {each.name: each.read_text(encoding="utf-8-sig") for each in (server.folder / "in").iterdir()}
            assert sorted(taken) == ["coverage-matrix.csv", "people.csv"], "none under the name of a half"
            assert f"P-1,{name}" in taken["people.csv"], "the second night's takes the place of the first's"
        nowhere = {**values, "send_to": replace(to, folder="/not-there")}
        with pytest.raises(Conflict, match=r"did not take the tables into /not-there: .*No such file"):
            send_tables(with_values(app, work, **nowhere))
        server.known_hosts.write_text("")
        with pytest.raises(Conflict, match="Host key verification failed"):
            send_tables(with_values(app, work, **values))
        strangers = tmp_path / "other"
        strangers.mkdir()
        with sftp_server(strangers) as other:
            asks = {**values, "send_to": replace(to, port=other.port), "send_known_hosts": str(other.known_hosts)}
            with pytest.raises(Conflict, match="Permission denied"):
                send_tables(with_values(app, work, **asks))
