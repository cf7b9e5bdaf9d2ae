"""The workbench of press: its lists and the page of each kind of thing."""

from services.press.rooms import opinions
from shared.web.rooms import Workbench

BENCH = Workbench("press", rooms=(*opinions.ROOMS,), lists=(*opinions.LISTS,), titles=opinions.TITLED)
