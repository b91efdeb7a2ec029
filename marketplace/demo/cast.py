"""Who plays: accounts, officials, the imported cooperatives that some of them claim, and invented companies."""

from dataclasses import dataclass

from marketplace.accounts.service import create_user, prove_email
from marketplace.demo.stage import OPENING, Stage
from marketplace.kernel.dates import add_months
from marketplace.organisations import queries, service, service_people, service_posts
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import TITLES, Evidence, Kind, MembershipState, PostRole, Sector
from marketplace.organisations.service import Application
from marketplace.places import queries as places
from marketplace.policies.queries import current
from marketplace.policies.rules import Name
from marketplace.register import service as register
from marketplace.register.scope import Scope

PASSWORD = "Demo-2026-LienKet"
SAMPLE = "so_theo_doi_htx_than_uyen_2023.xlsx"


@dataclass(frozen=True)
class Person:
    """Somebody who plays; those with a password are the accounts to sign in with."""

    key: str
    name: str
    email: str
    phone: str | None = None
    signs_in: bool = False
    what: str = ""
    password: str = PASSWORD


PEOPLE = (
    Person("htx", "Trần Thị Quỳnh", "htx@example.vn", "+84900000001", True, "Hợp tác xã ở xã Than Uyên"),
    Person("htx2", "Tòng Văn Đặng", "htx2@example.vn", "+84900000002", True, "Hợp tác xã ở xã Mường Kim"),
    Person("buyer", "Nguyễn Thị Minh Họa", "doanhnghiep@example.vn", "+84900000003", True, "Người mua ở Hà Nội"),
    Person("commune", "Lò Thị Ban", "canbo.xa@example.vn", "+84900000004", True, "Cán bộ xã Than Uyên"),
    Person("commune2", "Sùng A Pao", "canbo.xa2@example.vn", "+84900000005", True, "Cán bộ xã Mường Kim"),
    Person("province", "Phạm Thị Thử", "canbo.tinh@example.vn", "+84900000006", True, "Cán bộ tỉnh Lai Châu"),
    Person("administrator", "Vũ Văn Trị", "quantri@example.vn", "+84900000007", True, "Quản trị"),
    Person("guava", "Hoàng Thị Đăng", "minhhoa.oi@example.vn"),
    Person("rice", "Lường Văn Ượng", "minhhoa.gao@example.vn"),
    Person("tea", "Hà Thị Quỳnh", "minhhoa.che@example.vn"),
    Person("scarf", "Trần Thị Phớ", "minhhoa.khan@example.vn"),
    Person("waiting", "Đỗ Văn Pâng", "minhhoa.cho@example.vn"),
    Person("returned", "Đỗ Văn Dung", "minhhoa.tralai@example.vn"),
    Person("food", "Lê Thị Ví Dụ", "minhhoa.thucpham@example.vn"),
    Person("mill", "Hoàng Văn Ví Dụ", "minhhoa.chebien@example.vn"),
    Person("shop", "Bùi Thị Ví Dụ", "minhhoa.cuahang@example.vn"),
    Person("joining", "Trần Văn Mới", "minhhoa.xinvao@example.vn"),
)


@dataclass(frozen=True)
class Claim:
    """A cooperative of the sample register that somebody of the cast represents."""

    key: str
    name: str
    commune: str
    officer: str | None
    tax_code: str | None = None
    about: str = ""


CLAIMS = (
    Claim(
        "htx",
        "HTX nông nghiệp Nà Bai Than Uyên",
        "Xã Than Uyên",
        "commune",
        about="Cá lòng hồ và lúa đặc sản của 21 hộ.",
    ),
    Claim(
        "htx2",
        "HTX nông nghiệp Nà Phát Tà Mung",
        "Xã Mường Kim",
        "commune2",
        about="Nếp Tan Pỏm, miến dong, đồ hun khói.",
    ),
    Claim("guava", "HTX nông nghiệp Huội Quảng", "Xã Than Uyên", "commune", about="Ổi và rau trái vụ quanh hồ."),
    Claim("rice", "HTX Gạo Mẫu", "Xã Mường Kim", "commune2", "0090000114", "Gạo Séng Cù và nếp Co Giàng."),
    Claim(
        "tea", "HTX nông nghiệp Bình Minh Than Uyên", "Xã Khoen On", "province", about="Chè Shan và chế biến thủy sản."
    ),
    Claim("scarf", "HTX nông nghiệp Nà Bai", "Xã Than Uyên", "commune", about="Thổ cẩm Thái dệt tay."),
    Claim("waiting", "HTX nông nghiệp Vạn Xuân", "Xã Than Uyên", None),
    Claim("returned", "HTX nông nghiệp Tây Bắc Xanh Than Uyên", "Xã Than Uyên", None),
)


@dataclass(frozen=True)
class Company:
    """An invented company, with a tax code that belongs to nobody."""

    key: str
    name: str
    tax_code: str
    commune: str
    province: str
    officer: str
    address: str
    about: str


COMPANIES = (
    Company(
        "buyer",
        "Công ty TNHH Nông sản Minh Họa",
        "0090000019",
        "Phường Cầu Giấy",
        "Hà Nội",
        "province",
        "Số 1 phố Minh Họa",
        "Cửa hàng đặc sản vùng cao tại Hà Nội.",
    ),
    Company(
        "food",
        "Công ty Cổ phần Thực phẩm Ví Dụ",
        "0090000026",
        "Phường Đống Đa",
        "Hà Nội",
        "province",
        "Số 2 phố Ví Dụ",
        "Chuỗi bếp ăn tập thể.",
    ),
    Company(
        "mill",
        "Công ty TNHH Chế biến Nông sản Mẫu",
        "0090000033",
        "Phường Tân Phong",
        "Lai Châu",
        "province",
        "Lô 3 khu công nghiệp Mẫu",
        "Xay xát, sấy và đóng gói.",
    ),
    Company(
        "shop",
        "Công ty TNHH Thương mại Ví Dụ Than Uyên",
        "0090000040",
        "Xã Than Uyên",
        "Lai Châu",
        "commune",
        "Khu 4",
        "Thu mua tại chỗ.",
    ),
)


def sign_ins() -> list[Person]:
    """What the sign-in page of a demonstration offers."""
    return [person for person in PEOPLE if person.signs_in]


def make_people(stage: Stage) -> None:
    """The accounts; only those of the list on the sign-in page have a password."""
    consents = {str(name): str(current(name).number) for name in (Name.OPERATING_RULES, Name.PRIVACY)}
    for person in PEOPLE:
        stage.people[person.key] = create_user(
            name=person.name,
            email=person.email,
            phone=person.phone,
            password_hash=stage.password_hash if person.signs_in else None,
            consents=consents,
            administrator=person.key == "administrator",
            now=stage.at(OPENING),
        )
        if person.email:
            prove_email(stage.people[person.key], now=stage.at(OPENING))


def appoint_officials(stage: Stage) -> None:
    """One officer in each of two communes and in the province."""
    held = (
        ("commune", stage.unit("Xã Than Uyên"), "UBND xã Than Uyên", "Công chức kinh tế"),
        ("commune2", stage.unit("Xã Mường Kim"), "UBND xã Mường Kim", "Công chức kinh tế"),
        ("province", stage.province(), "Sở Nông nghiệp và Môi trường tỉnh Lai Châu", "Chuyên viên"),
    )
    for key, unit, body, title in held:
        service_posts.appoint(
            stage.people[key],
            role=PostRole.OFFICER,
            body=body,
            title=title,
            unit=unit,
            held_from=OPENING,
            actor=stage.people["administrator"],
            now=stage.at(OPENING, 10),
        )


def import_register(stage: Stage, data: bytes) -> None:
    """The province's officer uploads the sample register, looks at it and applies it."""
    area = places.area_by_name("Than Uyên")
    now = stage.at(OPENING, 14)
    found = register.read(data)
    scope = Scope(OPENING, area=area)
    officer = stage.people["province"]
    planned = register.plan_to_apply(found, scope)
    held = register.upload(data, SAMPLE, planned, area=area, province=None, era=scope.era, actor=officer, now=now)
    if not register.apply_upload(held, found, scope, actor=officer, now=now):
        raise RuntimeError("the sample register changed while it was read")


def claim_cooperatives(stage: Stage) -> None:
    """Representatives claim what the register holds; officers verify. One waits, one was returned."""
    for claim in CLAIMS:
        unit = stage.unit(claim.commune)
        days = 4 if claim.key == "waiting" else (16 if claim.key == "returned" else None)
        applied = stage.at(OPENING, 15) if days is None else stage.ago(days)
        application = Application(
            kind=Kind.HTX,
            name=claim.name,
            unit=unit,
            tax_code=claim.tax_code,
            sector=Sector.NLN,
            title="Giám đốc",
        )
        membership = service.register(application, stage.people[claim.key], now=applied)
        organisation = membership.organisation
        stage.organisations[claim.key] = organisation
        if claim.officer:
            accept(stage, organisation, claim.officer, claim.about)
        elif claim.key == "returned":
            reason = "Ảnh giấy chứng nhận đăng ký bị mờ, chưa đọc được ngày cấp. Đề nghị chụp lại và gửi lại."
            service.send_back(organisation, reason=reason, actor=stage.people["commune"], now=stage.ago(13))


def register_companies(stage: Stage) -> None:
    """Companies register; those of Hà Nội lie outside every officer's area, so the province verifies them."""
    for company in COMPANIES:
        application = Application(
            kind=Kind.COMPANY,
            name=company.name,
            unit=stage.unit(company.commune, company.province),
            tax_code=company.tax_code,
            address=company.address,
            title=TITLES[Kind.COMPANY],
        )
        person = stage.people[company.key]
        membership = service.register(application, person, now=stage.at(OPENING, 15))
        stage.organisations[company.key] = membership.organisation
        accept(stage, membership.organisation, company.officer, company.about)


def accept(stage: Stage, organisation: Organisation, officer: str, about: str) -> None:
    """The officer verifies; the organisation says a sentence about itself and lets its number be seen."""
    now = stage.at(OPENING, 16)
    service.verify(organisation, evidence=Evidence.CERTIFICATE, actor=stage.people[officer], now=now)
    owner = queries.people(organisation)[0]
    service.amend(
        organisation,
        actor=owner,
        now=now,
        about=about,
        representative=owner.name,
        representative_title=TITLES[organisation.kind],
        phone=owner.phone,
        phone_published=owner.phone is not None,
    )


def lend_a_hand(stage: Stage) -> None:
    """A mandate for an officer of the neighbouring commune."""
    service_people.grant(
        stage.organisations["htx"],
        stage.people["commune2"],
        until=add_months(stage.today, 6),
        actor=stage.people["htx"],
        now=stage.ago(40),
    )


def ask_to_join(stage: Stage) -> None:
    """Somebody says to belong to a cooperative that has its people: they decide."""
    organisation = stage.organisations["htx"]
    application = Application(
        kind=organisation.kind, name=organisation.name, unit=stage.unit("Xã Than Uyên"), title="Kế toán"
    )
    membership = service.register(application, stage.people["joining"], now=stage.ago(2))
    if membership.state != MembershipState.REQUESTED:
        raise RuntimeError("the cooperative has people, so this should be a request")
