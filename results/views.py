"""The questions people ask of the database, as views with plain names. They hold no data: opening a database renews them."""

LATEST_VISITS = """
SELECT v.*, r.started_at AS run_started_at FROM visits v JOIN runs r ON r.id = v.run_id
WHERE NOT EXISTS (
    SELECT 1 FROM visits later WHERE later.entity_id = v.entity_id
    AND (later.ended_at > v.ended_at OR (later.ended_at = v.ended_at AND later.id > v.id)))
"""

# CROSS JOIN makes SQLite look for the latest visits first: once for each visit, not once for each finding.
LATEST_FINDINGS = """
SELECT e.country, e.level, e.name AS entity, f.criterion_id AS criterion, f.aspect, f.verdict, p.url AS proof_url,
    p.quote AS proof_quote, p.captured_at AS proof_captured_at, f.newest, f.reason, f.depth,
    c.title_es AS criterion_es, c.title_pt AS criterion_pt, c.title_en AS criterion_en, c.group_name,
    c.status AS criterion_status, e.branch, e.population, f.entity_id, f.run_id, f.id AS finding_id,
    p.record_id AS proof_record_id, p.digest AS proof_digest, v.warc
FROM latest_visits v
CROSS JOIN entities e ON e.id = v.entity_id
CROSS JOIN findings f ON f.visit_id = v.id
JOIN criteria c ON c.id = f.criterion_id
LEFT JOIN evidence p ON p.finding_id = f.id AND p.position = 0
"""

UNTESTED_REASONS = """
SELECT e.country, e.level, f.run_id, f.reason, v.reason AS visit_ended, COUNT(DISTINCT f.entity_id) AS entities,
    COUNT(*) AS findings
FROM findings f JOIN visits v ON v.id = f.visit_id JOIN entities e ON e.id = f.entity_id
WHERE f.verdict = 'untested'
GROUP BY e.country, e.level, f.run_id, f.reason, v.reason
"""

COMPLIANCE = """
SELECT e.country, e.level, e.name AS entity, i.framework_id AS framework, i.code AS item, i.title_es AS item_es,
    i.title_pt AS item_pt, i.title_en AS item_en,
    CASE WHEN s.complies = 1 THEN 'complies' WHEN s.complies = 0 THEN 'does_not_comply'
        WHEN s.rated = 0 THEN 'not_rated' ELSE 'open' END AS outcome,
    s.value, s.lower, s.upper, s.coverage, s.passed, s.failed, s.unknown, s.provisional, s.entity_id, s.run_id
FROM scores s
JOIN entities e ON e.id = s.entity_id
JOIN items i ON i.id = s.item_id
"""

INDEX_RESULTS = """
SELECT e.country, e.level, e.name AS entity, x.framework_id AS framework, f.title_es AS framework_es, f.title_pt AS framework_pt,
    f.title_en AS framework_en, f.kind, x.value, x.lower, x.upper, x.coverage, x.rated,
    JSON_EXTRACT(f.bands, '$[' || x.band || '].name.es') AS band_es,
    JSON_EXTRACT(f.bands, '$[' || x.band || '].name.pt') AS band_pt,
    JSON_EXTRACT(f.bands, '$[' || x.band || '].name.en') AS band_en,
    x.passed, x.failed, x.unknown, x.unmeasured, x.provisional, x.entity_id, x.run_id
FROM indexes x
JOIN entities e ON e.id = x.entity_id
JOIN frameworks f ON f.id = x.framework_id
"""

COUNTRY_GOALS = """
SELECT k.country, n.name_es AS country_es, n.name_pt AS country_pt, n.name_en AS country_en, i.framework_id AS framework,
    i.code AS item, i.title_es AS item_es, i.title_pt AS item_pt, i.title_en AS item_en, k.level, k.share, k.interval_low,
    k.interval_high, k.bound_low, k.bound_high, k.target, k.verdict, k.entities, k.rated, k.comply, k.not_comply, k.open,
    (SELECT COUNT(DISTINCT c.id) FROM item_references r JOIN criteria c ON c.id = r.criterion_id
        WHERE r.item_id = k.item_id AND c.status = 'provisional') AS provisional, k.run_id
FROM scorecards k
JOIN countries n ON n.code = k.country
JOIN items i ON i.id = k.item_id
"""

VIEWS = {
    "latest_visits": LATEST_VISITS,
    "latest_findings": LATEST_FINDINGS,
    "untested_reasons": UNTESTED_REASONS,
    "compliance": COMPLIANCE,
    "country_goals": COUNTRY_GOALS,
    "index_results": INDEX_RESULTS,
}
"""Name and query, in the order in which one stands on another."""
