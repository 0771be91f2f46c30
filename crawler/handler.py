"""Lets a web archive answer Scrapy's requests in place of the network."""

from typing import Protocol, cast

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Headers, Response

from . import urls
from .archive import Archive


class ReadsArchive(Protocol):
    """A spider whose requests are answered from an archive."""

    archive: Archive


class ArchiveHandler(BaseDownloadHandler):
    """Answers from `spider.archive`. What a host of the archive lacks is a 404; other hosts cannot be resolved.

    The ArchivedResponse is left in `request.meta["archived"]`, for its record id and time.
    """

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """The archived response. Raises CannotResolveHostError for a host that the archive does not hold."""
        archive = cast(ReadsArchive, self.crawler.spider).archive
        found = archive.get(request.url)
        if found is None:
            if not archive.holds(request.url):
                raise CannotResolveHostError(f"{urls.authority(request.url)} is not in the archive")
            return Response(request.url, status=404)
        request.meta["archived"] = found
        headers = Headers()
        for name, value in found.plain_headers:
            headers.appendlist(name, value)
        return Response(request.url, status=found.status, headers=headers, body=found.body)
