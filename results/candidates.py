"""The read side of candidates: hosts that no rule knows, those that most portals use first."""

from sqlite_utils import Database

from crawler.capture import Record


class CandidateHost(Record):
    """A host that may be a provider of a kind: on how many portals it was met, and words, address and page as an example."""

    kind: str
    host: str
    portals: int
    words: str
    url: str
    page: str


def candidate_hosts(db: Database, run: str, kind: str = "") -> list[CandidateHost]:
    """Hosts that a run met, of one kind or of all ("")."""
    query = """SELECT c.kind, c.host, COUNT(DISTINCT v.entity_id) AS portals, MIN(c.id) AS first
        FROM candidates c JOIN visits v ON v.id = c.visit_id
        WHERE v.run_id = :run AND (:kind = '' OR c.kind = :kind) GROUP BY c.kind, c.host"""
    example = f"""SELECT f.kind, f.host, f.portals, c.words, c.url, c.page FROM ({query}) f JOIN candidates c ON c.id = f.first
        ORDER BY f.portals DESC, f.kind, f.host"""
    return [CandidateHost.model_validate(row) for row in db.query(example, {"run": run, "kind": kind})]
