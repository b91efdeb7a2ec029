"""Pictures and files that people have on their phones and desks."""

import io
from datetime import date

from PIL import Image, ImageDraw
from xlsxwriter import Workbook

GPS = 0x8825


def goods_photo() -> bytes:
    """A photo of goods with place and camera in its EXIF, as phones make them."""
    picture = Image.new("RGB", (1600, 1200), (238, 228, 200))
    draw = ImageDraw.Draw(picture)
    for step in range(0, 1600, 40):
        draw.ellipse([step, 300 + step // 4, step + 60, 360 + step // 4], fill=(150, 92, 50))
    exif = picture.getexif()
    exif[0x010F] = "Minh Hoa Camera"
    exif.get_ifd(GPS).update({1: "N", 2: (21.0, 57.0, 30.0), 3: "E", 4: (103.0, 53.0, 20.0)})
    return jpeg(picture, exif=exif)


def certificate() -> bytes:
    """A photographed certificate."""
    picture = Image.new("RGB", (900, 1270), (250, 248, 240))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([40, 40, 860, 1230], outline=(162, 65, 43), width=8)
    draw.text((120, 200), "CHUNG NHAN MINH HOA", fill=(30, 30, 40))
    return jpeg(picture)


def signed_pages() -> list[bytes]:
    """Two photographed pages of a signed paper; the second one lies on its side."""
    pages = []
    for number in (1, 2):
        picture = Image.new("RGB", (1000, 1414), (247, 245, 238))
        draw = ImageDraw.Draw(picture)
        draw.text((80, 80), f"HOP DONG (ban minh hoa), trang {number}", fill=(20, 20, 30))
        draw.ellipse([600, 1000, 860, 1260], outline=(170, 40, 40), width=9)
        draw.line([(620, 1150), (720, 1050), (780, 1180), (900, 1040)], fill=(30, 50, 140), width=8)
        pages.append(jpeg(picture.rotate(90, expand=True) if number == 2 else picture))
    return pages


def jpeg(picture: Image.Image, **options: object) -> bytes:
    """The file."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, **options)  # type: ignore[arg-type]
    return out.getvalue()


def register_of(rows: list[tuple[object, ...]]) -> bytes:
    """A register as another office keeps it: a title, columns in its own order and words, a total below."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("So HTX")
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "SỔ THEO DÕI HỢP TÁC XÃ (MINH HỌA)")
    sheet.write_row(
        2, 0, ["TT", "Địa chỉ (xã)", "Tên hợp tác xã", "Ngày thành lập", "Số thành viên", "Vốn điều lệ (tr.đ)"]
    )
    for number, row in enumerate(rows, 1):
        sheet.write(2 + number, 0, number)
        for column, value in enumerate(row, 1):
            if isinstance(value, date):
                sheet.write_datetime(2 + number, column, value, days)
            else:
                sheet.write(2 + number, column, value)
    sheet.write(3 + len(rows), 0, "Tổng cộng")
    sheet.write(3 + len(rows), 4, sum(row[3] for row in rows if isinstance(row[3], int)))
    book.close()
    return out.getvalue()
