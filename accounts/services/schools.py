"""Loading schools from a file."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import EmailDomain, School
from api.db import write
from api.text import fold, normalise


class BadRow(ValueError):
    """A row that can't be imported. The text names its line."""


@dataclass(frozen=True)
class SchoolRow:
    line: int
    name: str
    region: str
    email_domains: frozenset[str]
    # Texts among the domains that are none: left out, and worth a warning.
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, line: int, row: Any) -> "SchoolRow":
        if not isinstance(row, dict) or set(row) != {"name", "region", "email_domains"}:
            raise BadRow(f"line {line}: a school is an object with name, region and email_domains")
        name, region, domains = row["name"], row["region"], row["email_domains"]
        for attr, value, limit in (("name", name, 50), ("region", region, 20)):
            if not is_name(value, limit):
                raise BadRow(f"line {line}: {attr} must be a text of 1 to {limit} characters")
        if not isinstance(domains, list) or not all(isinstance(domain, str) for domain in domains):
            raise BadRow(f"line {line}: email_domains must be a list of domains such as hongik.ac.kr")
        return cls(
            line,
            normalise(name),
            normalise(region),
            frozenset(domain.lower() for domain in domains if is_domain(domain)),
            tuple(domain for domain in domains if not is_domain(domain)),
        )


def is_name(value: Any, limit: int) -> bool:
    """Whether a value is a text of at most `limit` characters, whose folded key is not too long either."""
    return isinstance(value, str) and 1 <= len(normalise(value)) <= limit and len(fold(value)) <= 254


def is_domain(value: str) -> bool:
    return len(value) <= 100 and re.fullmatch(r"([A-Za-z0-9-]+\.)+[A-Za-z]{2,}", value) is not None


def read_rows(text: str) -> list[SchoolRow]:
    """The schools of a JSON array. Raises BadRow naming the line of the first that is not right."""
    rows = [SchoolRow.of(line, row) for line, row in numbered_items(text)]
    first_lines: dict[str, int] = {}
    for row in rows:
        first = first_lines.setdefault(fold(row.name), row.line)
        if first != row.line:
            raise BadRow(f"line {row.line}: {row.name} stands on line {first} already")
    return rows


def numbered_items(text: str) -> Iterator[tuple[int, Any]]:
    """Each item of a JSON array with the line it begins on."""
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadRow(f"line {error.lineno}: {error.msg}") from None
    if not isinstance(items, list):
        raise BadRow("line 1: the file must be a JSON array of schools")
    decoder, position = json.JSONDecoder(), text.index("[") + 1
    for _item in items:
        while text[position] in " \t\r\n,":
            position += 1
        item, end = decoder.raw_decode(text, position)
        yield text.count("\n", 0, position) + 1, item
        position = end


@write
def import_schools(rows: list[SchoolRow]) -> Counter[str]:
    """Create and update schools, by name: all or none. How many were created, updated and unchanged."""
    domains = {domain.domain: domain for domain in EmailDomain.objects.all()}
    missing = {name for row in rows for name in row.email_domains} - domains.keys()
    EmailDomain.objects.bulk_create(EmailDomain(domain=name) for name in sorted(missing))
    domains = {domain.domain: domain for domain in EmailDomain.objects.all()}
    schools = {school.name_key: school for school in School.objects.prefetch_related("email_domains")}
    report = Counter(created=0, updated=0, unchanged=0)
    for row in rows:
        school = schools.get(fold(row.name))
        if school is None:
            school = School.objects.create(name=row.name, region=row.region)
            school.email_domains.set(domains[name] for name in row.email_domains)
            report["created"] += 1
            continue
        before = (school.name, school.region, {domain.domain for domain in school.email_domains.all()})
        if before == (row.name, row.region, row.email_domains):
            report["unchanged"] += 1
            continue
        school.name, school.region = row.name, row.region
        school.save(update_fields=["name", "name_key", "region", "updated_at"])
        school.email_domains.set(domains[name] for name in row.email_domains)
        report["updated"] += 1
    return report
