"""Others that audit pages in a browser, as npm installs them; started here with the same Chromium as everyone else.

python -m bench.axe_peers pa11y|lighthouse FOLDER < JSON LIST OF URLS
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from crawler.chromium import find_browser
from crawler.settings import CrawlSettings

CHROMIUM = find_browser(CrawlSettings())
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
NEEDED = {"pa11y": "pa11y-ci", "lighthouse": "lighthouse"}

LIGHTHOUSE = """
import lighthouse from 'MODULES/lighthouse/core/index.js';
import * as launcher from 'MODULES/chrome-launcher/dist/index.js';
const [urls, chromePath, chromeFlags] = JSON.parse(process.argv[1]);
const chrome = await launcher.launch({chromePath, chromeFlags: ['--headless', ...chromeFlags]});
const start = Date.now();
let pages = 0, failed = 0;
for (const url of urls) {
  const done = await lighthouse(url, {port: chrome.port, onlyCategories: ['accessibility'], output: 'json', logLevel: 'error',
    formFactor: 'desktop', screenEmulation: {mobile: false, width: 1280, height: 720, deviceScaleFactor: 1, disabled: false}});
  pages += done?.lhr?.categories?.accessibility?.score != null;
  failed += Object.values(done?.lhr?.audits ?? {}).filter(audit => audit.score === 0).length;
}
const seconds = (Date.now() - start) / 1000;
chrome.kill();
console.log(JSON.stringify({pages, seconds, failed}));
"""


def missing(name: str, folder: Path | None) -> str:
    """Why a contender cannot run; "" where it can."""
    if folder is None or not (folder / "node_modules" / NEEDED[name]).is_dir():
        return "not installed"
    return "" if CHROMIUM else "no Chromium is installed"


def pa11y(folder: Path, urls: list[str]) -> dict[str, Any]:
    """pa11y-ci with its axe runner, one page at a time: with more it loses pages."""
    with tempfile.TemporaryDirectory() as place:
        report, settings = Path(place) / "report.json", Path(place) / "settings.json"
        defaults = {
            "timeout": 60_000,
            "concurrency": 1,
            "runners": ["axe"],
            "chromeLaunchConfig": {"executablePath": CHROMIUM, "args": FLAGS},
            "reporters": [["json", {"fileName": str(report)}]],
        }
        settings.write_text(json.dumps({"defaults": defaults, "urls": urls}), encoding="utf-8")
        begun = time.perf_counter()
        program = str(folder / "node_modules" / ".bin" / "pa11y-ci")
        subprocess.run([program, "--config", str(settings)], stdout=subprocess.DEVNULL, check=False)
        seconds = time.perf_counter() - begun
        results = json.loads(report.read_bytes())["results"]
    read = [said for said in results.values() if all("code" in one for one in said)]
    return {"pages": len(read), "seconds": seconds, "failed": sum(map(len, read))}


def lighthouse(folder: Path, urls: list[str]) -> dict[str, Any]:
    """Lighthouse's accessibility category, by its API in one Chromium."""
    code = LIGHTHOUSE.replace("MODULES", str(folder.resolve() / "node_modules"))
    command = ["node", "--input-type=module", "--eval", code, "--", json.dumps([urls, CHROMIUM, FLAGS])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    run = {"pa11y": pa11y, "lighthouse": lighthouse}[sys.argv[1]]
    print(json.dumps(run(Path(sys.argv[2]), json.load(sys.stdin))))
