"""The tables as they were first made. A change is a new migration in `results/database.py`, never an edit here.

What each table and column means stands in `results/tables.toml`, from which `docs/tables.md` is made. Numbers are
INTEGER or REAL, booleans 0 or 1, moments and dates ISO 8601 text, lists and maps JSON text.
"""


def texts(*names: str) -> str:
    """The columns of a text in the three languages that we speak."""
    return ", ".join(f"{name}_{language} TEXT NOT NULL DEFAULT ''" for name in names for language in ("es", "pt", "en"))


REGISTRY = (
    "CREATE TABLE countries (code TEXT PRIMARY KEY, name_es TEXT NOT NULL, name_pt TEXT NOT NULL, name_en TEXT NOT NULL)",
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY, file TEXT NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL, encoding TEXT NOT NULL,
        columns TEXT NOT NULL, imported_at TEXT NOT NULL, rows_read INTEGER NOT NULL, entities_new INTEGER NOT NULL,
        entities_changed INTEGER NOT NULL, entities_same INTEGER NOT NULL, rejected INTEGER NOT NULL)""",
    """CREATE TABLE import_steps (
        id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE, position INTEGER NOT NULL,
        step TEXT NOT NULL, rows_left INTEGER NOT NULL, removed INTEGER NOT NULL, reason TEXT NOT NULL,
        UNIQUE (import_id, position))""",
    f"CREATE TABLE reject_reasons (code TEXT PRIMARY KEY, {texts('text', 'remedy')})",
    """CREATE TABLE registry_rejects (
        id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE, line INTEGER NOT NULL,
        reason TEXT NOT NULL REFERENCES reject_reasons(code), detail TEXT NOT NULL, row_json TEXT NOT NULL)""",
    "CREATE INDEX registry_rejects_reason ON registry_rejects (import_id, reason)",
    """CREATE TABLE entities (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL REFERENCES countries(code), level TEXT NOT NULL,
        branch TEXT NOT NULL, admin_code TEXT NOT NULL, population INTEGER, languages TEXT NOT NULL, cadence TEXT NOT NULL,
        source TEXT NOT NULL, valid_from TEXT, valid_to TEXT, succeeded_by TEXT NOT NULL, details TEXT NOT NULL,
        in_registry INTEGER NOT NULL, import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL)""",
    "CREATE INDEX entities_country_level ON entities (country, level)",
    """CREATE TABLE portals (
        id INTEGER PRIMARY KEY, entity_id TEXT NOT NULL REFERENCES entities(id) ON DELETE CASCADE, position INTEGER NOT NULL,
        url TEXT NOT NULL, host TEXT NOT NULL, UNIQUE (entity_id, position))""",
    "CREATE INDEX portals_host ON portals (host)",
)

RULES = (
    f"""CREATE TABLE criteria (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, status TEXT NOT NULL, group_name TEXT NOT NULL, {texts("title", "what")},
        timely_days INTEGER)""",
    f"""CREATE TABLE frameworks (
        id TEXT PRIMARY KEY, {texts("title")}, source TEXT NOT NULL, evidence TEXT NOT NULL, floor REAL NOT NULL)""",
    f"""CREATE TABLE items (
        id TEXT PRIMARY KEY, framework_id TEXT NOT NULL REFERENCES frameworks(id) ON DELETE CASCADE, code TEXT NOT NULL,
        position INTEGER NOT NULL, {texts("title", "text", "unit", "rule", "note")}, levels TEXT NOT NULL, target REAL,
        or_double INTEGER NOT NULL, UNIQUE (framework_id, code))""",
    f"""CREATE TABLE item_references (
        id INTEGER PRIMARY KEY, item_id TEXT NOT NULL REFERENCES items(id) ON DELETE CASCADE, rule TEXT NOT NULL,
        rule_position INTEGER NOT NULL, {texts("name")}, at_least REAL, reference TEXT NOT NULL,
        criterion_id TEXT REFERENCES criteria(id), aspect TEXT NOT NULL)""",
    "CREATE INDEX item_references_item ON item_references (item_id)",
    "CREATE INDEX item_references_criterion ON item_references (criterion_id)",
)

AUDITS = (
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, settings TEXT NOT NULL, selection TEXT NOT NULL,
        rules_digest TEXT NOT NULL, program_version TEXT NOT NULL)""",
    """CREATE TABLE visits (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        entity_id TEXT NOT NULL REFERENCES entities(id), reason TEXT NOT NULL, reached INTEGER NOT NULL,
        thorough INTEGER NOT NULL, started_at TEXT NOT NULL, ended_at TEXT NOT NULL, seen_at TEXT,
        pages INTEGER NOT NULL, documents INTEGER NOT NULL,
        requests INTEGER NOT NULL, failures INTEGER NOT NULL, left_over INTEGER NOT NULL, bytes INTEGER NOT NULL,
        detail TEXT NOT NULL, warc TEXT NOT NULL, rules_digest TEXT NOT NULL, program_version TEXT NOT NULL,
        axe_version TEXT NOT NULL, browser_version TEXT NOT NULL, audit_digest TEXT NOT NULL, UNIQUE (run_id, entity_id))""",
    "CREATE INDEX visits_entity ON visits (entity_id, ended_at)",
    """CREATE TABLE visit_hosts (
        id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visits(id) ON DELETE CASCADE, host TEXT NOT NULL,
        requests INTEGER NOT NULL, bytes INTEGER NOT NULL, delay_seconds REAL NOT NULL, robots TEXT NOT NULL)""",
    "CREATE INDEX visit_hosts_visit ON visit_hosts (visit_id)",
    """CREATE TABLE findings (
        id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visits(id) ON DELETE CASCADE,
        run_id TEXT NOT NULL REFERENCES runs(id), entity_id TEXT NOT NULL REFERENCES entities(id),
        criterion_id TEXT NOT NULL REFERENCES criteria(id), aspect TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,
        depth INTEGER NOT NULL, newest TEXT, values_json TEXT NOT NULL, UNIQUE (run_id, entity_id, criterion_id, aspect))""",
    "CREATE INDEX findings_visit ON findings (visit_id, criterion_id, aspect, verdict)",
    "CREATE INDEX findings_criterion ON findings (criterion_id, aspect, verdict)",
    """CREATE TABLE evidence (
        id INTEGER PRIMARY KEY, finding_id INTEGER NOT NULL REFERENCES findings(id) ON DELETE CASCADE, position INTEGER NOT NULL,
        url TEXT NOT NULL, captured_at TEXT NOT NULL, quote TEXT NOT NULL, selector TEXT NOT NULL, record_id TEXT NOT NULL,
        digest TEXT NOT NULL, UNIQUE (finding_id, position))""",
)

SCORES = (
    """CREATE TABLE scores (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        entity_id TEXT NOT NULL REFERENCES entities(id), item_id TEXT NOT NULL REFERENCES items(id), value REAL, coverage REAL,
        lower REAL, upper REAL, complies INTEGER, rated INTEGER NOT NULL, passed INTEGER NOT NULL, failed INTEGER NOT NULL,
        unknown INTEGER NOT NULL, inapplicable INTEGER NOT NULL, steps TEXT NOT NULL, UNIQUE (run_id, entity_id, item_id))""",
    "CREATE INDEX scores_item ON scores (item_id, complies)",
    """CREATE TABLE scorecards (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        country TEXT NOT NULL REFERENCES countries(code), item_id TEXT NOT NULL REFERENCES items(id), level TEXT NOT NULL,
        entities INTEGER NOT NULL, rated INTEGER NOT NULL, comply INTEGER NOT NULL, not_comply INTEGER NOT NULL,
        open INTEGER NOT NULL, coverage REAL, share REAL, interval_low REAL, interval_high REAL, bound_low REAL, bound_high REAL,
        target REAL, baseline REAL, double_target REAL, target_verdict TEXT, double_verdict TEXT, verdict TEXT,
        UNIQUE (run_id, country, item_id, level))""",
)

FIRST = (*REGISTRY, *RULES, *AUDITS, *SCORES)

CATALOGUE = (
    """CREATE TABLE indexes (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        entity_id TEXT NOT NULL REFERENCES entities(id), framework_id TEXT NOT NULL REFERENCES frameworks(id), value REAL,
        lower REAL, upper REAL, coverage REAL, rated INTEGER NOT NULL, band INTEGER, band_lower INTEGER, band_upper INTEGER,
        passed INTEGER NOT NULL, failed INTEGER NOT NULL, unknown INTEGER NOT NULL, unmeasured INTEGER NOT NULL,
        provisional INTEGER NOT NULL, UNIQUE (run_id, entity_id, framework_id))""",
    "CREATE INDEX indexes_framework ON indexes (framework_id, value)",
    """CREATE TABLE candidates (
        id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visits(id) ON DELETE CASCADE, kind TEXT NOT NULL,
        host TEXT NOT NULL, url TEXT NOT NULL, words TEXT NOT NULL, page TEXT NOT NULL)""",
    "CREATE INDEX candidates_visit ON candidates (visit_id)",
    "CREATE INDEX candidates_host ON candidates (kind, host)",
)

ACCESSIBILITY = (
    """CREATE TABLE barriers (
        id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visits(id) ON DELETE CASCADE, position INTEGER NOT NULL,
        criteria TEXT NOT NULL, rules TEXT NOT NULL, pages INTEGER NOT NULL, elements INTEGER NOT NULL, url TEXT NOT NULL,
        selector TEXT NOT NULL, snippet TEXT NOT NULL, message TEXT NOT NULL, help_url TEXT NOT NULL, captured_at TEXT NOT NULL,
        record_id TEXT NOT NULL, digest TEXT NOT NULL, page_urls TEXT NOT NULL, UNIQUE (visit_id, position))""",
)
