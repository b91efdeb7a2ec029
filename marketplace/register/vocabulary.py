"""PURE: the words of headings in officials' registers, as data: abbreviations, and what each column may be called.

Everything here is folded (lower case, no diacritics). A heading pattern is `a + b - c`: all of a and b occur in the
heading as whole words, c does not; `=a` means that the heading is just a. More words matched win over fewer.
"""


def each(text: str) -> list[str]:
    """The patterns of a list written with semicolons."""
    return [part.strip() for part in text.split(";")]


# Written first, longest first: "hop tac xa" must not be mistaken for a heading about the commune ("xa").
PHRASES = {
    "lien hiep hop tac xa": "lhhtx",
    "lien hiep htx": "lhhtx",
    "hop tac xa": "htx",
    "to hop tac": "tht",
    "giay chung nhan": "gcn",
    "hoi dong quan tri": "hdqt",
    "don vi tinh": "dvt",
    "d c": "dia chi",
    "d t": "dien thoai",
}
ABBREVIATIONS = {
    "stt": "so thu tu",
    "tt": "thu tu",
    "mst": "ma so thue",
    "msdn": "ma so doanh nghiep",
    "dc": "dia chi",
    "sdt": "so dien thoai",
    "dt": "dien thoai",
    "dtdd": "dien thoai",
    "tel": "dien thoai",
    "phone": "dien thoai",
    "tl": "thanh lap",
    "tv": "thanh vien",
    "xv": "xa vien",
    "vdl": "von dieu le",
    "gpkd": "so gpkd",
    "dkkd": "dang ky kinh doanh",
    "dkdn": "dang ky kinh doanh",
    "dkhtx": "dang ky htx",
    "gcndk": "gcn dang ky",
    "gcndkkd": "gcn dang ky kinh doanh",
    "dk": "dang ky",
    "dl": "dieu le",
    "gd": "giam doc",
    "cthdqt": "chu tich hdqt",
    "ndd": "nguoi dai dien",
    "nddpl": "nguoi dai dien phap luat",
    "sp": "san pham",
    "sx": "san xuat",
    "qd": "quyet dinh",
    "sl": "so luong",
    "kd": "kinh doanh",
    "hd": "hoat dong",
}

COMMON = {
    "order": each("=so thu tu; =thu tu; =so; =no; =so so thu tu"),
    "tax_code": each("ma so thue; ma thue; ma so doanh nghiep; ma so htx; ma htx; ma so dn; ma so tht"),
    "commune": each(
        "=xa; xa phuong; phuong xa; xa thi tran; xa thu tu; ten xa - ban; thuoc xa; dia ban; =phuong; don vi hanh chinh"
    ),
    "address": each("dia chi - email; tru so; noi dat tru so; dia diem; dia chi tru so; dia chi chu the; noi o"),
    "representative": each(
        "nguoi dai dien; nguoi dai dien phap luat; dai dien phap luat; dai dien; giam doc; chu nhiem; to truong; "
        "chu tich hdqt; chu tich; nguoi dung dau; ho va ten - thanh vien; ho ten - thanh vien; nguoi dai dien + "
        "ho va ten; nguoi dai dien + ho ten; chu ho; chu co so"
    ),
    "title": each("chuc vu; chuc danh; nguoi dai dien + chuc vu; nguoi dai dien + chuc danh"),
    "phone": each(
        "dien thoai; so dien thoai; di dong; so lien he; lien he; zalo; hotline; dien thoai + nguoi dai dien; "
        "dien thoai + giam doc; dien thoai + dai dien; dien thoai + lien he"
    ),
    "email": each("email; e mail; thu dien tu; dia chi email; hop thu"),
    "note": each("ghi chu; chu thich; luu y; ly do; y kien"),
    "kind": each("loai hinh; loai chu the; loai hinh chu the; loai hinh to chuc; loai to chuc; loai hinh htx"),
}
"""Columns that a register of cooperatives and a list of OCOP products share."""

COOPERATIVE = COMMON | {
    "name": each(
        "ten + htx - ho ten - ho va ten - giam doc - nguoi dai dien - chu tich; ten + tht; ten + lhhtx; ten + to chuc; "
        "ten + don vi; ten + co so; ten goi; =ten; ten day du; =htx; =tht; =lhhtx; =don vi; =ten htx tht; ten + chu the; "
        "ten + doanh nghiep"
    ),
    "short_name": each("ten + viet tat; ten + giao dich; ten + tieng anh; ten htx + viet tat; ten htx + giao dich"),
    "registration_no": each(
        "so dang ky; so gcn; gcn + so; gcn; giay phep; so gpkd; giay dang ky; dang ky kinh doanh; so dang ky kinh "
        "doanh; gcn dang ky; gcn dang ky htx; gcn dang ky kinh doanh; so giay phep; ma so dang ky"
    ),
    "founded": each(
        "thanh lap; ngay thanh lap; nam thanh lap; thoi gian thanh lap; ngay thang nam thanh lap; "
        "ngay + dang ky - thay doi; ngay dang ky - thay doi; ngay cap - thay doi; ngay cap + gcn - thay doi; "
        "ngay + gcn dang ky - thay doi; nam dang ky - thay doi; bat dau hoat dong; ngay hoat dong; "
        "ngay + dang ky kinh doanh - thay doi; ngay cap + dang ky kinh doanh - thay doi; ngay cap + so gpkd; "
        "ngay + gcn dang ky kinh doanh - thay doi; ngay cap + gcn dang ky kinh doanh - thay doi"
    ),
    "members": each(
        "thanh vien - von; so thanh vien; so luong thanh vien; tong so thanh vien; thanh vien + tong so; thanh "
        "vien + tong; thanh vien + so luong; xa vien; so xa vien; so nguoi tham gia; thanh vien chinh thuc"
    ),
    "capital": each(
        "von - hoat dong - luu dong - vay - co dinh - kinh doanh - gop; von dieu le; von dang ky; tong von dieu "
        "le; von dieu le dang ky"
    ),
    "ended": each(
        "giai the; ngay giai the; nam giai the; thoi gian giai the; ngay + cham dut; ngay cham dut hoat dong; "
        "ngay ngung hoat dong; ngay + giai the; thu hoi gcn + ngay"
    ),
    "sector": each(
        "nganh; nganh nghe; linh vuc; linh vuc hoat dong; linh vuc kinh doanh; nganh nghe kinh doanh; nganh nghe "
        "hoat dong; loai hinh hoat dong; nganh nghe linh vuc; linh vuc nganh nghe; nganh kinh te"
    ),
    "status": each(
        "tinh trang; trang thai; hien trang; tinh hinh hoat dong; tinh trang hoat dong; trang thai hoat dong; "
        "hien trang hoat dong"
    ),
}

OCOP = COMMON | {
    "product": each(
        "ten + san pham; san pham - nhom - loai - phan - nganh - ma - anh - gia - luong - chu the - so; =ten; ten "
        "san pham ocop; ten goi san pham"
    ),
    "owner": each(
        "chu the; ten chu the; chu the + san xuat; chu the ocop; chu the san pham; ten chu the san pham; co so "
        "san xuat; don vi san xuat; nha san xuat; chu so huu; ten don vi; ten + htx; =htx; ten co so; to "
        "chuc san xuat; htx co so san xuat; chu the + ten"
    ),
    "group": each("nhom; nhom san pham; nganh hang; nganh san pham; nhom nganh; bo san pham; nhom nganh hang"),
    "subgroup": each("phan nhom; phan nhom san pham; phan loai; nhom san pham + phan nhom"),
    "unit": each("dvt; don vi; quy cach"),
    "stars": each(
        "sao; so sao; hang sao; xep hang; phan hang; =hang; hang san pham; phan hang san pham; ket qua phan hang; "
        "ket qua + sao; hang ocop; xep loai; ket qua xep hang; so sao dat duoc; ket qua + hang"
    ),
    "score": each("diem; so diem; tong diem; diem danh gia; diem so; diem trung binh; ket qua + diem"),
    "decision_no": each(
        "quyet dinh - ngay - nam; so quyet dinh; quyet dinh + so; so quyet dinh cong nhan; quyet dinh cong nhan + "
        "so; quyet dinh + so + ngay; so van ban; quyet dinh cong nhan"
    ),
    "decided_on": each(
        "ngay quyet dinh; ngay cong nhan; ngay + quyet dinh - so; ngay cap; thoi gian cong nhan; nam cong nhan; "
        "ngay ky; ngay ban hanh; ngay cap + gcn; quyet dinh + ngay thang; ngay thang + cong nhan; quyet dinh cong "
        "nhan + ngay; nam + quyet dinh - so"
    ),
    "expires_on": each(
        "het han; ngay het han; thoi han; het hieu luc; co gia tri den; hieu luc den; thoi han gcn; gia tri den; "
        "thoi han cong nhan; ngay het hieu luc; den ngay"
    ),
    "round": each("dot; dot danh gia; dot cong nhan; dot xet; dot danh gia phan hang; ky danh gia; nam danh gia"),
}

REQUIRED = {"cooperatives": ("name", "founded"), "ocop": ("product", "owner")}
DECISIVE = {
    "cooperatives": {"founded", "members", "capital", "ended", "tax_code", "registration_no", "commune", "address"},
    "ocop": {"stars", "score", "decision_no", "round", "group", "owner"},
}
"""Beside the name, at least one of these tells what a sheet is about."""
