"""The agency, its officials and a request, as the tests of files have them."""

from tests.services.files.conftest import bureau, case

__all__ = ["bureau", "case"]
