"""Options of the test run, in which every stage is verified."""
import os

import pytest

os.environ["S2SAD_VERIFY"] = "1"

collect_ignore_glob = ["cases/*"]       # run by test_cases.py


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the expected texts of golden cases and of docs/design.md anew")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are written anew instead of compared."""
    return bool(request.config.getoption("--rewrite"))
