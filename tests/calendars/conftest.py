"""Lets the promises of calendars explain what failed."""

import pytest

pytest.register_assert_rewrite("contract")
