"""Every quote stands on the page beside it, also where one page announces what others hold."""

from audits.catalog import load
from audits.judge import judge
from audits.model import Verdict
from audits.quotes import stands_in, words_of
from tests.audits.portal import capture_of


def test_a_list_of_titles_is_proven_by_the_dates_of_what_it_leads_to_and_quotes_them_there() -> None:
    items = {f"n{day}.html": f"<h1>Obra {day}</h1><p>Publicado el {day} de mayo de 2026</p><p>Texto.</p>" for day in (4, 5, 6, 7)}
    links = "".join(f'<li><a href="{path}">Obra nueva {path[1]}</a></li>' for path in items)
    capture = capture_of({"": f"<h1>Municipio</h1><h2>Noticias</h2><ul>{links}</ul>", **items})
    news = next(f for f in judge(capture, load()) if (f.criterion, f.aspect) == ("news", "published"))
    assert news.verdict is Verdict.PASSED
    assert any("mayo" in evidence.quote for evidence in news.evidence)
    pages = {page.url: page for page in capture.pages}
    for evidence in news.evidence:
        page = pages[evidence.url]
        assert stands_in(evidence.quote, page, words_of(page)), evidence
