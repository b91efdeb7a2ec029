"""Kiểm tra một hợp đồng chỉ bằng tệp, không nối mạng: python kiem-tra-hop-dong.py hop-dong.pdf proof.json roots.json

hop-dong.pdf: bản niêm phong hoặc bản xác nhận ký kết bạn cầm trong tay; proof.json: tải từ trang tra cứu của hợp đồng;
roots.json: danh sách mã của các ngày mà bạn đã tải và giữ từ trước. Chỉ cần Python, không cần cài gì thêm.
"""

import hashlib
import json
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def canonical(values):
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root_of(leaf, position, size, path):
    found, last, path = sha(b"\x00" + leaf), size - 1, list(path)
    while last:
        if position & 1 or position < last:
            other = bytes.fromhex(path.pop(0))
            found = sha(b"\x01" + other + found) if position & 1 else sha(b"\x01" + found + other)
        position, last = position >> 1, last >> 1
    return found.hex()


if len(sys.argv) != 4:
    sys.exit(__doc__)
contract, proof, kept = sys.argv[1:]
with open(contract, "rb") as file:
    fingerprint = hashlib.sha256(file.read()).hexdigest()
with open(proof, encoding="utf-8") as file:
    given = json.load(file)
with open(kept, encoding="utf-8") as file:
    roots = json.load(file)["roots"]

entry, path = json.loads(given["entry"]), given["proof"]
if path is None:
    sys.exit("Mục này chưa vào mã của ngày nào: hãy tải lại proof.json sau nửa đêm.")
said = path["root"]
hashed = {name: said[name] for name in ("number", "day", "entries", "merkle", "previous")}
checks = {
    "tệp có trong mục của sổ ghi": fingerprint in (entry["data"].get("final"), entry["data"].get("evidence")),
    "mục cho ra đúng mã băm": hashlib.sha256(given["entry"].encode()).hexdigest() == given["hash"],
    "mục nằm trong cây của ngày": root_of(bytes.fromhex(given["hash"]), path["position"], said["entries"], path["path"])
    == said["merkle"],
    "cây cho ra đúng mã của ngày": hashlib.sha256(canonical(hashed)).hexdigest() == said["hash"],
    "mã có trong bản bạn đã giữ": said in roots,
}
for name, good in checks.items():
    print("ĐÚNG" if good else "SAI ", name)
sys.exit(0 if all(checks.values()) else 1)
