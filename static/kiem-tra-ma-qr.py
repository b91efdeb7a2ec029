"""Kiểm tra mã QR của hợp đồng khi không có mạng: python kiem-tra-ma-qr.py khoa.json "chuỗi quét được" ["số hợp đồng"]

khoa.json: khóa công khai, tải trước ở /.well-known/lien-ket-statement-keys.json; chuỗi quét được: cả địa chỉ, kể cả phần sau
dấu #; số hợp đồng: gõ đúng như trên giấy nếu muốn so. Chỉ cần Python, không cần cài gì thêm. Chữ ký là Ed25519 (RFC 8032).
"""

import base64
import hashlib
import json
import sys

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BASE_Y = 4 * pow(5, -1, P) % P


def add(one, two):
    """Tổng hai điểm trên đường cong; điểm (x, y) viết thành (X, Y, Z), x = X/Z, y = Y/Z."""
    (x1, y1, z1), (x2, y2, z2) = one, two
    a, c, d = z1 * z2 % P, x1 * x2 % P, y1 * y2 % P
    b, e = a * a % P, D * c * d % P
    f, g = b - e, b + e
    return a * f * ((x1 + y1) * (x2 + y2) - c - d) % P, a * g * (d + c) % P, f * g % P


def times(number, point):
    total = (0, 1, 1)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point_of(y, odd):
    """Điểm có tung độ y; không có thì báo lỗi."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        raise ValueError("not a point")
    return (P - x if (x & 1) != odd else x), y, 1


def read_point(data):
    number = int.from_bytes(data, "little")
    return point_of(number & (1 << 255) - 1, number >> 255)


def signed(key, message, signature):
    """Chữ ký có đúng là của khóa này trên chuỗi này không."""
    try:
        public, nonce, number = read_point(key), read_point(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    (x1, y1, z1), (x2, y2, z2) = times(number, point_of(BASE_Y, 0)), add(nonce, times(hashed, public))
    same = (x1 * z2 - x2 * z1) % P == 0 == (y1 * z2 - y2 * z1) % P
    return len(key) == 32 and len(signature) == 64 and number < Q and same


def unpack(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read(scanned):
    """Phần được ký, chữ ký, và bốn điều nó nói: mã, ngày, số (băm), nội dung (băm). Giấy cũ dùng dạng v1 (JSON)."""
    said, _, signature = scanned.rpartition("/")[2].rpartition(".")
    code, _, rest = said.partition("#")
    form, *parts = rest.split(".")
    if form == "v1":
        given = json.loads(unpack(parts[0]))
        return rest, signature, (given["c"], given["d"], given["n"], given["t"])
    day, number, content = parts
    return said, signature, (code, f"{day[:4]}-{day[4:6]}-{day[6:]}", number, content)


if len(sys.argv) not in (3, 4):
    sys.exit(__doc__)
with open(sys.argv[1], encoding="utf-8") as file:
    keys = json.load(file)["keys"]
scanned = sys.argv[2].strip()
try:
    message, signature, (code, day, number, content) = read(scanned)
    good = any(signed(unpack(key["x"]), message.encode(), unpack(signature)) for key in keys)
except (ValueError, KeyError, TypeError, IndexError):
    sys.exit("SAI  chuỗi này không phải mã QR của hợp đồng, hoặc đã quét thiếu")
print("ĐÚNG" if good else "SAI ", "chữ ký của hệ thống trên lời xác nhận")
if good:
    shown = unpack(content)[:8].hex().upper()
    print("     mã tra cứu", code, "· ngày phát hành", "/".join(reversed(day.split("-"))))
    print("     dấu vân nội dung ở chân trang phải là", " ".join(shown[at : at + 4] for at in range(0, 16, 4)))
    if len(sys.argv) == 4:
        good = unpack(number) == hashlib.sha256(sys.argv[3].encode()).digest()[:8]
        print("ĐÚNG" if good else "SAI ", "số hợp đồng")
sys.exit(0 if good else 1)
