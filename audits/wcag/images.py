"""Names of images that tell nothing of them (WCAG 2.2, 1.1.1; failure F30): names of files, and the word for an image."""

import re
from collections.abc import Iterable

from audits.site import Site
from audits.text import normal, words_of_url
from audits.wcag.headings import is_file_name
from audits.wcag.wording import answer, languages_of, numberless, phrases, plain, told, voiced_of
from crawler.capture import Page, RuleResult, Voiced

RULE = "image_name_descriptive"
_WRITTEN_AS_FILE = re.compile(r"(?=.*\d)(?=.*_|(?:[^-]*-){3})[\w.()-]+|\d{6,}")
_CODE = re.compile(r"(?=(?:\D*\d){4})[0-9a-f]{16,}", re.I)
_SHORT, _STAMP, _NUMBER = 3, 8, 5


def images(page: Page, site: Site) -> Iterable[RuleResult]:
    """An image is named as its file is, or only as an image."""
    asked = [each for each in voiced_of(page, "image", "img") if each.name.strip()]
    failed, unsure = [], []
    for each in asked:
        languages, name = languages_of(page, site, each.language), plain(each.name)
        if numberless(name) in phrases(site, "generic_images", languages) or _names_file(each, site, languages):
            failed.append(told(each))
        elif not name or numberless(name) in phrases(site, "vague_images", languages):
            unsure.append(told(each))
    return answer(RULE, len(asked), failed, unsure) if page.seen and page.seen.voiced else ()


def _names_file(image: Voiced, site: Site, languages: tuple[str, ...]) -> bool:
    """Whether a name is one that a camera, a messenger or an upload gave the file."""
    name = image.name.strip()
    if is_file_name(name) or _CODE.fullmatch(name):
        return True
    said = normal(name)
    stems = words_of_url(image.url)[-1:]
    if stems and normal(stems[0]).replace(" ", "") == said.replace(" ", "") and _WRITTEN_AS_FILE.fullmatch(name):
        return True
    begun = (said[len(start) :].split() for start in phrases(site, "image_files", languages) if said.startswith(start))
    return any(_is_stamp(rest) for rest in begun)


def _is_stamp(words: list[str]) -> bool:
    """Whether words are the number or the time that a device gives a file: "20240312 wa0001", "2024 03 12 at 10 11 12 am"."""
    digits = [sum(map(str.isdigit, word)) for word in words]
    stamped = all(count or len(word) <= _SHORT for count, word in zip(digits, words, strict=True))
    return bool(words) and stamped and (sum(digits) >= _STAMP or digits[0] >= _NUMBER)
