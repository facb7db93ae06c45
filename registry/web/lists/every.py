"""清单编修页总表 every page on which lists are read and written."""

from registry.web.lists import bringing, editing, pages, trials
from registry.web.serving import Line

PAGES: list[Line] = [*pages.PAGES, *editing.PAGES, *trials.PAGES, *bringing.PAGES]
