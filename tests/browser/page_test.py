"""The page in a real browser: page_test.py SERVER CHROMIUM DRIVER [WORD]."""

import sys

import page_suite
# in this order: the last end the server
import page_live  # noqa: F401
import page_looks  # noqa: F401
import page_replay  # noqa: F401
import page_losses  # noqa: F401

if __name__ == "__main__":
    sys.exit(page_suite.run_all(*sys.argv[1:]))
