"""The demonstration's administrator at work on a template: a published version, and one that is being written."""

from marketplace.clauses import queries, service
from marketplace.clauses.models import Template
from marketplace.demo.stage import Stage
from marketplace.kernel.dates import local_date

SALE, OFFTAKE = "goods_sale", "offtake"
FEWER_DAYS = ("trong 07 ngày kể từ ngày nhận", "trong 05 ngày kể từ ngày nhận")
EARLIER = ("Trước mỗi vụ ít nhất 30 ngày", "Trước mỗi vụ ít nhất 45 ngày")


def reword_templates(stage: Stage) -> None:
    """One change that is in force, one that is still looked at."""
    administrator = stage.people["administrator"]
    for code, change, days in ((SALE, FEWER_DAYS, 5), (OFFTAKE, EARLIER, 1)):
        now = stage.ago(days)
        version = service.begin(template(code), actor=administrator, now=now)
        for place, clause in enumerate(version.body["clauses"]):
            sentences = [{**sentence, "text": sentence["text"].replace(*change)} for sentence in clause["sentences"]]
            if sentences != clause["sentences"]:
                service.put_clause(version, place, {**clause, "sentences": sentences}, now=now)
        if code == SALE:
            service.publish(version, local_date(now), actor=administrator, now=now)


def template(code: str) -> Template:
    """One of those that came with the application."""
    return next(each for each in queries.templates() if each.code == code)
