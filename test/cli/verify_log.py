"""Verifies a registry's log as an outsider would: CPython's standard library and the published formats alone.

    python3 verify_log.py URL

RFC 6962 (Merkle trees), RFC 8032 (Ed25519), c2sp.org/signed-note, tlog-checkpoint and tlog-tiles.
"""

import base64
import hashlib
import json
import re
import sys
import urllib.request

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME


def sha256(data):
    return hashlib.sha256(data).digest()


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(x2, (PRIME + 3) // 8, PRIME)
    if (x * x - x2) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - x2) % PRIME:
        raise ValueError("no point of the curve")
    return PRIME - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    return recover_x(y, sign), y


def add(p, q):
    (x1, y1), (x2, y2) = p, q
    t = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + t, PRIME - 2, PRIME)
    y = (y1 * y2 + x1 * x2) * pow(1 - t, PRIME - 2, PRIME)
    return x % PRIME, y % PRIME


def times(n, p):
    total = (0, 1)
    while n:
        if n & 1:
            total = add(total, p)
        p, n = add(p, p), n >> 1
    return total


BASE_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
BASE = (recover_x(BASE_Y, 0), BASE_Y)


def is_signed(public_key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(r + public_key + message).digest(), "little") % ORDER
    return s < ORDER and times(s, BASE) == add(point(r), times(h, point(public_key)))


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def root_of(hashes):
    if len(hashes) == 0:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\1" + root_of(hashes[:k]) + root_of(hashes[k:]))


def get(url):
    with urllib.request.urlopen(url) as response:
        return response.read()


def tile_path(index):
    digits = "%03d" % (index % 1000)
    while index >= 1000:
        index //= 1000
        digits = "x%03d/%s" % (index % 1000, digits)
    return digits


def tiles(base, kind, size):
    for start in range(0, size, 256):
        width = min(256, size - start)
        partial = "" if width == 256 else ".p/%d" % width
        yield width, get("%s/log/tile/%s/%s%s" % (base, kind, tile_path(start // 256), partial))


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def main(base):
    name, key_id, key = get(base + "/log/key").decode().strip().split("+", 2)
    key = base64.b64decode(key)
    assert key[:1] == b"\1" and sha256(name.encode() + b"\n" + key)[:4].hex() == key_id, "the key is not its own"
    text, signatures = get(base + "/log/checkpoint").decode().rsplit("\n\n", 1)
    text += "\n"
    signed = False
    for line in signatures.splitlines():
        _, signer, data = line.split(" ")
        data = base64.b64decode(data)
        if signer == name and data[:4].hex() == key_id:
            assert is_signed(key[1:], text.encode(), data[4:]), "the checkpoint is not signed by the key"
            signed = True
    assert signed, "the checkpoint is not signed"
    origin, size, root = text.splitlines()[:3]
    size, root = int(size), base64.b64decode(root)
    assert origin == name, "the checkpoint is of another log"

    entries = []
    for width, bundle in tiles(base, "entries", size):
        before = len(entries)
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            entries.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
        assert len(entries) - before == width, "a bundle has another number of entries"
    hashes = []
    for width, tile in tiles(base, "0", size):
        assert len(tile) == 32 * width, "a tile has another length"
        hashes += [tile[at : at + 32] for at in range(0, len(tile), 32)]
    assert hashes == [leaf_hash(entry) for entry in entries], "the hashes are not those of the entries"
    assert root_of(hashes) == root, "the root is another"

    log = []
    for number, data in enumerate(entries, 1):
        entry = json.loads(data)
        assert canonical(entry) == data, "an entry is not canonical"
        assert entry["revision"] == number, "the revisions are not contiguous"
        document = get("%s/v1/documents/%s" % (base, entry["digest"]))
        assert sha256(document).hex() == entry["digest"], "a document has another digest"
        log.append({**entry, "root": root_of(hashes[:number]).hex()})
    catalog = json.loads(get(base + "/v1/catalog"))
    assert catalog["log"] == log, "the catalog has another log"
    head = catalog["log"].pop()
    document = get("%s/v1/documents/%s" % (base, head["index"]))
    assert sha256(document).hex() == head["index"], "the index has another digest"
    assert document == canonical(index_of(catalog, head)), "the index has other facts than the catalog"
    newest = json.loads(get(base + "/v1/index"))
    assert newest["publication"] == head, "the newest publication is another"
    assert canonical(newest["index"]) == document, "another index is sent than was published"
    assert newest["checkpoint"].splitlines()[1:3] == text.splitlines()[1:3], "another checkpoint is sent"
    files = newest["index"]["files"]
    assert sha256(get("%s/v1/documents/%s" % (base, files))).hex() == files, "the table of files is another"
    verify_proof(get("%s/log/proof/%d" % (base, size)).decode(), entries[-1], size, root)
    print("%d %s" % (size, root.hex()))


def index_of(catalog, head):
    """The facts that hold, without the log, and the digests of all of them and of the files."""
    log = catalog["log"] + [head]
    digest = sha256(canonical(catalog)).hex()

    def is_of_workerd(entry):
        if entry["kind"] != "correction":
            return entry["kind"] == "workerd"
        earlier = [one for one in log if one["name"] == entry["name"] and one["revision"] < entry["revision"]]
        return re.fullmatch(r"1\.\d{8}\.\d+", entry["name"]) is not None and not earlier

    fields = ("revision", "day", "name")
    index = {name: [row for row in catalog[name] if row["withdrawn"] is None] for name in TABLES}
    index["package_locks"] = catalog["package_locks"]
    index["workerds"] = [{field: one[field] for field in fields} for one in log if is_of_workerd(one)]
    locks = {lock["sha256"] for lock in catalog["package_locks"]}
    for row in index["sets"]:
        if row["source"]["sha256"] not in locks:
            row["source"]["sha256"] = None
    held = [row["digest"] for row in catalog["files"] if row["withdrawn"] is None]
    index["files"] = held[0] if held else None
    index["catalog"] = digest
    return index


TABLES = ("pythons", "flags", "releases", "sets", "yanks", "seen", "evidence", "advisories")


def verify_proof(proof, entry, size, root):
    """c2sp.org/tlog-proof, of the newest entry. The checkpoint in it is compared with what was verified."""
    lines, _, checkpoint = proof.partition("\n\n")
    kind, index, *hashes = lines.split("\n")
    assert (kind, index) == ("c2sp.org/tlog-proof@v1", "index %d" % (size - 1)), "a proof of something else"
    signed = checkpoint.split("\n")
    assert int(signed[1]) == size and base64.b64decode(signed[2]) == root, "the proof is of another log"
    hashes = [base64.b64decode(one) for one in hashes]
    reached, at, last = leaf_hash(entry), size - 1, size - 1
    while last:
        if at % 2:
            reached = sha256(b"\1" + hashes.pop(0) + reached)
        elif at < last:
            reached = sha256(b"\1" + reached + hashes.pop(0))
        at, last = at // 2, last // 2
    assert reached == root and not hashes, "the proof does not lead to the root"


main(sys.argv[1].rstrip("/"))
