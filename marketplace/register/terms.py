"""PURE: the words of cells and lines in officials' registers, folded, as data: sectors, kinds, groups, statuses, marks."""

from typing import TypeVar

from marketplace.organisations.rules import Kind, RegisterStatus, Sector
from marketplace.register.vocabulary import each

C = TypeVar("C")


def of(table: dict[C, list[str]]) -> dict[str, C]:
    """From a code's phrases to the code of each phrase."""
    return {phrase: code for code, phrases in table.items() for phrase in phrases}


SECTORS: dict[str, Sector] = of(
    {
        Sector.NLN: each(
            "nln; nlnn; nong lam ngu nghiep; nong lam nghiep ngu nghiep; nong lam nghiep; nong nghiep; nong lam "
            "thuy san; nong lam nghiep thuy san; nong lam nghiep va thuy san; lam nghiep; ngu nghiep; thuy san; "
            "chan nuoi; trong trot; nong lam ngu; nong nghiep lam nghiep thuy san; dich vu nong nghiep; nuoi "
            "trong thuy san; nn; nong nghiep lam nghiep ngu nghiep; nong lam thuy; nong nghiep nong thon"
        ),
        Sector.XD: each("xd; xay dung; vat lieu xay dung; xay dung vat lieu xay dung; vlxd; xd vlxd"),
        Sector.CN_TTCN: each(
            "cn ttcn; cn; ttcn; cnttcn; cong nghiep; tieu thu cong nghiep; cong nghiep tieu thu cong nghiep; cong "
            "nghiep va tieu thu cong nghiep; cong nghiep ttcn; che bien; thu cong my nghe; nganh nghe nong thon; "
            "tieu thu cong; thu cong nghiep"
        ),
        Sector.TM_DV: each(
            "tm dv; tmdv; tm; dv; thuong mai dich vu; thuong mai va dich vu; thuong mai; dich vu; kinh doanh dich "
            "vu; dich vu tong hop; dv tm; dvtm; dich vu thuong mai; kinh doanh tong hop; thuong nghiep"
        ),
        Sector.VT: each("vt; van tai; giao thong van tai; gtvt; van chuyen; dich vu van tai; van tai hanh khach"),
        Sector.DL: each("dl; du lich; du lich cong dong; dich vu du lich; du lich sinh thai; du lich dich vu"),
    }
)
"""The six statistical sectors, also as the trades that belong to them."""

WORDS_OF_SECTOR: dict[Sector, str] = {
    Sector.NLN: "Nông, lâm, ngư nghiệp",
    Sector.XD: "Xây dựng",
    Sector.CN_TTCN: "Công nghiệp, tiểu thủ công nghiệp",
    Sector.TM_DV: "Thương mại, dịch vụ",
    Sector.VT: "Vận tải",
    Sector.DL: "Du lịch",
}
"""How the registers themselves write them."""

KINDS: dict[str, Kind] = of(
    {
        Kind.LHHTX: each("lhhtx; lien hiep"),
        Kind.HTX: each("htx"),
        Kind.THT: each("tht; to hop tac xa; to san xuat; to lien ket; nhom so thich"),
        Kind.COMPANY: each(
            "cong ty; cty; doanh nghiep tu nhan; dntn; doanh nghiep; tap doan; tong cong ty; chi nhanh; xi nghiep"
        ),
        Kind.HOUSEHOLD: each(
            "ho kinh doanh; hkd; ho san xuat; ho sxkd; ho gia dinh; ho ong; ho ba; co so san xuat; co so; ho; ho "
            "sx; ho kd"
        ),
    }
)
"""How a name begins, or what stands in a column about the kind."""

GROUPS: dict[str, str] = of(
    {
        "TP": each("thuc pham; tp; nhom thuc pham; che; nong san; tuoi song; gia vi"),
        "DU": each("do uong; du; nhom do uong; nuoc giai khat"),
        "DL": each("duoc lieu va san pham tu duoc lieu; duoc lieu; thao duoc; duoc lieu va thao duoc"),
        "TCMN": each(
            "hang thu cong my nghe; thu cong my nghe; tcmn; vai va may mac; vai may mac; luu niem noi that trang "
            "tri; luu niem; thu cong my nghe va trang tri"
        ),
        "SVC": each("sinh vat canh; svc"),
        "DLCD": each(
            "dich vu du lich cong dong du lich sinh thai va diem du lich; dich vu du lich cong dong; du lich cong "
            "dong; dlcd; du lich sinh thai; diem du lich; dich vu du lich nong thon ban hang; dich vu du lich "
            "nong thon; dich vu du lich; du lich"
        ),
    }
)
"""Both groupings: the six of QĐ 148/2023, and those of QĐ 1048/2019 that went into them."""

STATUSES: list[tuple[str, RegisterStatus]] = [
    ("cho giai the", RegisterStatus.STOPPED),
    ("dang giai the", RegisterStatus.DISSOLVING),
    ("dang lam thu tuc giai the", RegisterStatus.DISSOLVING),
    ("tam ngung", RegisterStatus.PAUSED),
    ("tam dung", RegisterStatus.PAUSED),
    ("thu hoi", RegisterStatus.REVOKED),
    ("pha san", RegisterStatus.BANKRUPT),
    ("sap nhap", RegisterStatus.CONVERTED),
    ("hop nhat", RegisterStatus.CONVERTED),
    ("chuyen doi", RegisterStatus.CONVERTED),
    ("giai the", RegisterStatus.DISSOLVED),
    ("ngung hoat dong", RegisterStatus.STOPPED),
    ("ngung hd", RegisterStatus.STOPPED),
    ("khong hoat dong", RegisterStatus.STOPPED),
    ("khong hd", RegisterStatus.STOPPED),
    ("dang hoat dong", RegisterStatus.ACTIVE),
    ("dang hd", RegisterStatus.ACTIVE),
    ("hoat dong", RegisterStatus.ACTIVE),
    ("hd", RegisterStatus.ACTIVE),
]
"""The first that occurs in the text holds: "chờ giải thể" is not yet "giải thể"."""

NOTED = frozenset(each("giai the; hop nhat; ngung hoat dong; pha san; sap nhap; tam dung; tam ngung; thu hoi"))
"""Only these count in a column of remarks, where other words mean anything."""

TOTALS = frozenset(each("cong; cong chung; tong; tong chung; tong cong; tong so"))
SIGNATURES = tuple(
    each(
        "nguoi lap; lap bieu; thu truong; tm ubnd; tm uy ban; kt chu tich; xac nhan cua; ky ghi ro; ky ten dong dau; "
        "noi nhan; ke toan truong; truong phong; pho truong phong; chu tich ubnd; can bo phu trach; chuyen vien"
    )
)
