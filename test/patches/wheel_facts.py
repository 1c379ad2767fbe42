"""What Python's own tools find in a wheel: its RECORD checked, its METADATA parsed, its times. JSON on stdout."""

import base64
import csv
import email.parser
import hashlib
import io
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    times = sorted({info.date_time for info in archive.infolist()})
    names = [info.filename for info in archive.infolist()]

(record,) = [name for name in files if name.endswith(".dist-info/RECORD")]
info = record.removesuffix("RECORD")
issues = []
listed = set()
for path, digest, size in csv.reader(io.StringIO(files[record].decode())):
    listed.add(path)
    if path == record:
        if digest or size:
            issues.append(f"{path} states its own hash")
        continue
    content = files.get(path)
    if content is None:
        issues.append(f"{path} is listed, but not there")
        continue
    expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    if digest != f"sha256={expected}" or size != str(len(content)):
        issues.append(f"{path} has another hash or size")
issues += [f"{path} is not listed" for path in files.keys() - listed]

metadata = email.parser.HeaderParser().parsestr(files[info + "METADATA"].decode())
wheel = email.parser.HeaderParser().parsestr(files[info + "WHEEL"].decode())
json.dump(
    {
        "info": info,
        "issues": issues,
        "names": names,
        "times": times,
        "name": metadata["Name"],
        "version": metadata["Version"],
        "requires": metadata.get_all("Requires-Dist", []),
        "extras": metadata.get_all("Provides-Extra", []),
        "description": len(metadata.get_payload()),
        "tags": wheel.get_all("Tag"),
        "pure": wheel["Root-Is-Purelib"],
        "statement": json.loads(files.get(info + "PINWHEEL.json", b"null")),
        "licences": {
            name.removeprefix(info): hashlib.sha256(content).hexdigest()
            for name, content in files.items()
            if "licen" in name.lower() or "copying" in name.lower() or "notice" in name.lower()
        },
        # ELF, WebAssembly, Windows and macOS.
        "compiled": [
            name
            for name, content in files.items()
            if content.startswith((b"\x7fELF", b"\0asm", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"))
        ],
        "digests": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    },
    sys.stdout,
)
