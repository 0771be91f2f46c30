"""One site for all tests of this room."""

import pytest

from audits.catalog import load
from commands.publish import pack_of
from results.site.publish import publish
from tests.site.world import REASONS, VOCABULARY, audits, database, read_criteria, read_frameworks


@pytest.fixture(scope="session")
def rules():
    return read_criteria(), read_frameworks()


@pytest.fixture(scope="session")
def db(rules):
    criteria, frameworks = rules
    opened = database(":memory:", criteria, frameworks, audits(criteria))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def report(db, rules, tmp_path_factory):
    criteria, frameworks = rules
    return publish(
        db,
        frameworks,
        criteria,
        REASONS,
        VOCABULARY,
        tmp_path_factory.mktemp("site") / "out",
        base_url="https://veedor.example/x",
        packs={code: pack_of(country) for code, country in load().countries.items()},
    )


@pytest.fixture(scope="session")
def site(report):
    return report.out
