"""What the pages and the data say."""

import csv
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from audits.model import Finding, Verdict
from results.scorecards import LevelRow
from results.site.charts import chart
from results.site.downloads import safe_cell
from results.site.publish import outside
from results.site.wording import TEXTS, Words, load_texts
from tests.site.reading import pages, tree, words_of
from tests.site.world import EVIL_NAME, EVIL_QUOTE


def test_every_page_exists_in_three_languages_and_says_so(site):
    def named(language):
        return {path.relative_to(site / language) for path in pages(site / language)}

    assert named("es") == named("pt") == named("en")
    assert {tree(path).get("lang") for path in pages(site / "pt")} == {"pt"}


def test_all_links_and_their_fragments_resolve(site):
    ids = {path: set(tree(path).xpath("//@id")) for path in pages(site)}
    for path in pages(site):
        for target in tree(path).xpath("//a/@href | //link[@rel='stylesheet']/@href"):
            if urlsplit(target).scheme:
                assert target.startswith(("https://", "http://")), (path, target)
                continue
            place, fragment = urldefrag(urljoin(path.as_uri(), target))
            found = Path(unquote(urlsplit(place).path))
            assert found.is_file(), (path, target)
            assert not fragment or unquote(fragment) in ids[found], (path, target)


def test_no_id_stands_twice_and_headings_do_not_skip_a_level(site):
    for path in pages(site / "en"):
        page = tree(path)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4")]
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), path


def test_tables_have_captions_and_scopes(site):
    for path in pages(site / "es"):
        for table in tree(path).xpath("//table"):
            assert table.xpath("caption"), path
            assert all(cell.get("scope") for cell in table.xpath(".//th")), path


def test_pages_stay_light(site, report):
    assert report.heaviest < 200_000
    assert report.heaviest == max(path.stat().st_size for path in pages(site))


def test_a_country_page_shows_every_goal(site):
    page = tree(site / "es/pe/index.html")
    headings = [words_of(heading) for heading in page.xpath("//section[@class='goal']/h3")]
    assert [heading.split(".")[0] for heading in headings] == [f"Meta {code}" for code in range(37, 49)]
    assert "Publique el portal." in words_of(page.xpath("//section[@aria-labelledby='unread']")[0])


def test_the_chart_says_in_words_what_it_draws(site):
    page = tree(site / "es/pe/index.html")
    drawings = page.xpath("//figure[@class='chart']")
    assert drawings
    for drawing in drawings:
        said = words_of(drawing.xpath(".//desc")[0])
        table = drawing.getparent().xpath(".//table/tbody/tr")[-1]
        share = words_of(table.xpath("td")[5])
        assert share in said


def test_an_entity_that_was_not_read_is_never_failed(site):
    page = tree(site / "es/entities/pe-0006/index.html")
    assert "Ningún criterio se dio por incumplido" in words_of(page)
    assert "La visita terminó así: server_error." in words_of(page)
    assert {words_of(mark) for mark in page.xpath("//table//*[contains(@class, 'mark')]")} == {"No examinado", "Sin calificar"}


def test_a_finding_shows_its_proof(site):
    page = tree(site / "en/entities/pe-0001/proof-interaction.html")
    proof = words_of(page.xpath("//div[@class='evidence']")[0])
    assert "Acta de la sesión ordinaria N.° 21" in proof
    assert "https://entidad-1.example/actas.html" in proof
    assert "Nov 20, 2026" in proof or "20 Nov 2026" in proof
    assert "sha256:3f3f" in proof
    assert page.xpath("//blockquote")[0].get("lang") == "es"


def test_hostile_words_stay_words(site):
    for path in [*pages(site / "es/entities/br-0009"), *pages(site / "es/br")]:
        page = tree(path)
        assert not page.xpath("//script | //*[@onerror] | //img | //iframe"), path
        links = [link.lower() for link in page.xpath("//@href | //@src | //@action")]
        assert not any(link.startswith(("javascript:", "data:", "vbscript:")) for link in links), path
    assert words_of(tree(site / "es/entities/br-0009/index.html").xpath("//h1")[0]) == " ".join(EVIL_NAME.split())
    quotes = tree(site / "es/entities/br-0009/proof-interaction.html").xpath("//blockquote")
    assert words_of(quotes[0]) == " ".join(EVIL_QUOTE.split())


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "http://",
        "//x.example",
        "http://[",
        "",
    ],
)
def test_only_web_addresses_become_links(url):
    assert "<a" not in outside(url)


def test_a_web_address_becomes_a_link_with_its_quotes_escaped():
    link = outside('https://x.example/?a="><script>')
    assert link.startswith('<a class="out"')
    assert "<script>" not in link


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_made_harmless(cell):
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", [-1, 0.5, None, "Acta", "a=b"])
def test_other_cells_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


def test_the_data_can_be_read_again(site, db):
    with (site / "data/pe-findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == db.execute("SELECT COUNT(*) FROM findings WHERE entity_id LIKE 'pe-%'").fetchone()[0]
    assert {row["verdict"] for row in rows} == {"passed", "failed", "cant_tell", "untested"}
    for path in (site / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], (
                path
            )


def test_the_three_languages_have_the_same_texts_with_the_same_blanks():
    def blanks(language):
        return {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in load_texts(language).items()}

    assert blanks("es") == blanks("pt") == blanks("en")


def test_every_text_is_used():
    used = "\n".join(path.read_text("utf-8") for path in [*TEXTS.parent.glob("*.py"), *TEXTS.parent.glob("templates/*.html")])
    for section, texts in tomllib.loads((TEXTS / "en.toml").read_text("utf-8")).items():
        listed = re.search(rf'"{section}\.?"', used)
        assert listed or all(f"{section}.{key}" in used or f'"{key}"' in used for key in texts), section


def test_figures_are_written_as_each_language_writes_them():
    spanish, english = Words("es", {}, {}), Words("en", {}, {})
    assert (spanish.percent(0.625), english.percent(1.0)) == ("62 %", "100 %")
    assert (english.percent(0.001), english.percent(0.999)) == ("<1 %", ">99 %")
    assert (spanish.percent(None), spanish.span(0.2, 0.2), spanish.span(0.2, 0.4)) == ("—", "20 %", "20 % – 40 %")
    assert (spanish.number(12345), english.number(12345)) == ("12.345", "12,345")
    assert Words("pt", {}, {}).country("BR") == "Brasil"


def test_an_unknown_reason_shows_its_code_and_a_missing_value_an_ellipsis():
    words = Words("es", {"x": {"es": "Vea {a} y {b}."}}, {})
    assert words.reason("never_heard") == "never_heard"
    assert words.remedy("never_heard") == ""


def test_a_chart_of_one_level_has_one_bar_and_none_without_entities():
    row = LevelRow(level="local", entities=4, rated=4, comply=2, not_comply=2, open=0, share=0.5, bound_low=0.5, bound_high=0.5)
    drawing = chart([row, row.model_copy(update={"level": "all"})])
    assert [bar.level for bar in drawing.bars] == ["local"]
    assert drawing.bars[0].bound == (50.0, 0.5)
    assert chart([row.model_copy(update={"entities": 0})]) is None


def test_dates_in_a_reason_are_written_as_the_language_writes_them():
    words = Words("es", {"stale": {"es": "Lo más reciente es del {newest}; vea {name}."}}, {})
    finding = Finding(
        criterion="news",
        aspect="timely",
        verdict=Verdict.FAILED,
        reason="stale",
        values={"newest": "2024-02-29", "name": "2024-02-31x"},
    )
    assert words.why(finding, None) == "Lo más reciente es del 29 de febrero de 2024; vea 2024-02-31x."


def test_a_framework_shows_every_item_and_says_where_no_criterion_answers(site, rules):
    page = tree(site / "es/frameworks/losi_2024.html")
    framework = next(one for one in rules[1] if one.id == "losi_2024")
    rows = page.xpath("//tr[starts-with(@id, 'i-')]")
    assert len(rows) == len(framework.items) == 95
    empty = [row for row in rows if "Ningún criterio lo responde" in words_of(row)]
    assert len(empty) >= sum(not item.essentials for item in framework.items) > 0


def test_words_in_another_language_than_the_page_say_so(site):
    page = tree(site / "es/frameworks/losi_2024.html")
    assert page.xpath("//tr[starts-with(@id, 'i-')]//span[@lang='en']")
    assert not tree(site / "en/frameworks/losi_2024.html").xpath("//tr[starts-with(@id, 'i-')]//span[@lang]")


def test_an_entity_shows_its_ladders_and_the_index_of_its_country_with_the_arithmetic_behind_a_link(site):
    page = tree(site / "en/entities/br-0009/index.html")
    named = page.xpath("//h2[@id='indexes']/following::table[1]//tbody/tr/th/a/@href")
    assert {"against-un_stages.html", "against-br_pntp.html"} <= set(named)
    assert "against-br_pntp.html" not in tree(site / "en/entities/pe-0001/index.html").xpath("//a/@href")
    figures = tree(site / "en/entities/br-0009/against-br_pntp.html")
    assert len(figures.xpath("//tbody/tr")) > 50
    assert "No criterion" in words_of(figures)


def test_a_country_shows_who_binds_it_with_its_laws_and_periods(site):
    page = words_of(tree(site / "en/pe/index.html"))
    assert "Ley 27806" in page
    assert "Ladders and indexes" in page
    assert "PNTP" not in page


def test_a_criterion_shows_legal_periods_and_the_items_that_it_answers(site):
    page = tree(site / "es/criteria/budget_execution.html")
    assert "Plazos legales" in words_of(page)
    assert page.xpath("//a[contains(@href, 'frameworks/br_pntp.html#i-')]")


@pytest.mark.parametrize(
    "path", ["pe/index.html", "pe/elac2010-45.html", "entities/pe-0001/index.html", "frameworks/br_pntp.html"]
)
def test_what_is_provisional_is_marked_and_explained_once_a_page(site, path):
    page = tree(site / "es" / path)
    assert page.xpath("//span[@class='prov']")
    assert words_of(page).count("Se apoya en criterios provisionales") == 1
