"""Fetching from a real HTTP server that can break off and resume, as a model site does."""

import http.server
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice import download, model
from voice.config import ModelSettings
from voice.errors import ModelMissing


def zipped_model() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("vosk-model-small-cn-0.22/am/final.mdl", b"m" * 5000)
        archive.writestr("vosk-model-small-cn-0.22/conf/model.conf", b"--rule2=0.5")
    return packed.getvalue()


class Site:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.ranges: list[str | None] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range")
                site.ranges.append(asked)
                start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
                self.send_response(206 if asked else 200)
                self.send_header("Content-Length", str(len(site.content) - start))
                self.end_headers()
                self.wfile.write(site.content[start:])

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/vosk-model-small-cn-0.22.zip"


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site(zipped_model())
    thread = threading.Thread(target=served.server.serve_forever)
    thread.start()
    yield served
    served.server.shutdown()
    thread.join()
    served.server.server_close()


def settings(folder: Path, site: Site, *, size: int | None = None) -> ModelSettings:
    return ModelSettings(
        models=folder,
        vosk_model=folder / "vosk-model-small-cn-0.22",
        vosk_url=site.url,
        vosk_size=len(site.content) if size is None else size,
        connect_timeout_s=2,
    )


def test_the_model_is_fetched_checked_and_unpacked(tmp_path: Path, site: Site) -> None:
    target = model.fetch_chinese(settings(tmp_path, site))
    assert (target / "am/final.mdl").read_bytes() == b"m" * 5000
    assert [each.name for each in tmp_path.iterdir()] == [target.name]
    model.fetch_chinese(settings(tmp_path, site))
    assert site.ranges == [None]  # the second time it is there


def test_a_download_goes_on_where_it_ended(tmp_path: Path, site: Site) -> None:
    (tmp_path / "vosk-model-small-cn-0.22.zip.part").write_bytes(site.content[:200])
    assert (model.fetch_chinese(settings(tmp_path, site)) / "am").is_dir()
    assert site.ranges == ["bytes=200-"]


def test_a_file_of_another_size_is_not_used(tmp_path: Path, site: Site) -> None:
    with pytest.raises(ModelMissing, match="bytes where 43898754 are expected"):
        model.fetch_chinese(settings(tmp_path, site, size=43_898_754))
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_cannot_be_reached_is_named_with_the_way_round(tmp_path: Path, site: Site) -> None:
    site.url = "http://127.0.0.1:9/vosk-model-small-cn-0.22.zip"
    with pytest.raises(ModelMissing, match=r"(?s)Cannot fetch http://127.0.0.1:9/.*put it at .*zip"):
        model.fetch_chinese(settings(tmp_path, site))


def test_a_zip_fetched_by_hand_is_taken(tmp_path: Path, site: Site) -> None:
    (tmp_path / "vosk-model-small-cn-0.22.zip").write_bytes(site.content)
    assert (model.fetch_chinese(settings(tmp_path, site)) / "am").is_dir()
    assert site.ranges == []


def test_a_damaged_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK damaged")
    with pytest.raises(ModelMissing, match="damaged"):
        download.unpack(tmp_path / "x.zip", tmp_path / "out")


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path, kind: str) -> None:
    archive = tmp_path / f"evil.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr("../escaped", b"x")
    else:
        with tarfile.open(archive, "w") as tarred:
            tarred.addfile(tarfile.TarInfo("../escaped"), io.BytesIO())
    with pytest.raises(ModelMissing):
        download.unpack(archive, tmp_path / "out")
    assert not (tmp_path / "escaped").exists()
