"""The container of a sealed file: a plain zip whose bytes follow from its content, so that any changed byte is seen.

Nothing is compressed and every member has one and the same time: what another program packs differently is no
sealed file.
"""

import io
import zipfile
from collections.abc import Mapping

FIXED = (2020, 1, 1, 0, 0, 0)


class NotPacked(ValueError):
    """These bytes are not what `pack` gives; the words say why."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """In the order given."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED), content)
    return packed.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """Raises NotPacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            infos = archive.infolist()
            if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
                raise NotPacked("it was packed by another program")
            files = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotPacked(str(error)) from error
    if pack(files) != packed:
        raise NotPacked("bytes around its content were changed")
    return files
