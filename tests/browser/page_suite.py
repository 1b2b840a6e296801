"""The list of the dashboard's tests: each module of them adds its own."""

import os
import tempfile

from browser import Browser, passes, Server, summary

TESTS = []
WIDE, NARROW, NARROWEST = (1366, 900), (390, 844), (320, 640)


def test(function):
    TESTS.append(function)
    return function


def run(one, page, server):
    page.window(*WIDE)
    return passes(one, page, server)


def run_all(program, chromium, driver, word=""):
    """All whose names hold the word, in one browser; the status to exit with."""
    tests = [one for one in TESTS if word.replace(" ", "_") in one.__name__]
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "loop.trace")
        server = Server(program, "--trace", trace)
        server.trace = trace
        page = Browser(chromium, driver)
        try:
            server.start()
            results = [run(one, page, server) for one in tests]
        finally:
            page.quit()
            server.kill()
    return summary(results)
