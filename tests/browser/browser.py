"""A Chromium and a server under test, and what the tests ask them."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-quic
  --no-first-run --disable-background-networking --disable-component-update
  --disable-sync --hide-scrollbars"""
PATIENCE = 20  # seconds until something that must come is given up


def wait_for(what, condition):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.03)
    raise AssertionError(f"waited {PATIENCE} s in vain: {what}")


def passes(test, *parts):
    """Runs it, and prints how it went."""
    begin = time.monotonic()
    try:
        test(*parts)
        ok = True
    except Exception:
        traceback.print_exc(file=sys.stdout)
        ok = False
    print(f"{'ok    ' if ok else 'failed'} {test.__name__.replace('_', ' ')} "
          f"({time.monotonic() - begin:.1f} s)", flush=True)
    return ok


def summary(results):
    """Prints it; returns the status to exit with."""
    failed = results.count(False)
    print(f"browser: {results.count(True)} passed, {failed} failed")
    return 1 if failed else 0


class Server:
    """The program, listening at a port of its choice, or again at the same."""

    def __init__(self, program, *arguments):
        self.program, self.arguments = program, arguments
        self.address = "127.0.0.1:0"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.program, *self.flags(), *self.arguments],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            found = re.search(r" http(?: |://)(127\.0\.0\.1:\d+)", line)
            if found:
                self.address = found[1]
                return self
        raise AssertionError("the server did not say where it listens")

    def flags(self):
        return ["--http", self.address]

    @property
    def url(self):
        return f"http://{self.address}/"

    def kill(self):
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Browser:
    """A fresh Chromium, without a profile of before."""

    def __init__(self, browser, driver):
        self.folder = tempfile.mkdtemp(prefix="rp-browser-")
        options = Options()
        options.binary_location = browser
        for flag in FLAGS.split() + ["--user-data-dir=" + self.folder]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options,
                                       service=Service(driver))
        self.driver.set_script_timeout(PATIENCE)

    def quit(self):
        self.driver.quit()
        shutil.rmtree(self.folder, ignore_errors=True)

    def window(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1,
             "mobile": False})

    def prefer(self, **features):
        """prefer(prefers_color_scheme="dark"), as a person has set it."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": name.replace("_", "-"), "value": value}
            for name, value in features.items()]})

    def ask(self, script, *arguments):
        return self.driver.execute_script("return " + script, *arguments)

    def part(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        return self.ask("document.getElementById(arguments[0]).textContent",
                        name)

    def link(self):
        return self.ask("document.getElementById('link').dataset.state")

    def open(self, url):
        self.driver.get(url)
        wait_for("the page is live", lambda: self.link() == "open")
        wait_for("the page knows its server", lambda: self.text("server"))

    def lanes(self):
        """The lanes' states by their names."""
        return dict(self.ask("""[...document.querySelectorAll('.lane')].map(
            (lane) => [lane.querySelector('.name').textContent,
                       lane.querySelector('.state').textContent])"""))

    def watch(self, name):
        """From now on seen() holds all that stands in the element."""
        self.driver.execute_script("""
            const part = document.getElementById(arguments[0]);
            window.seen = [];
            new MutationObserver(() => seen.push(part.textContent)).observe(
                part, {childList: true, characterData: true, subtree: true});
            """, name)

    def seen(self):
        return self.ask("seen")

    def picture(self, lane):
        """What the lane of that class shows, as one text."""
        return self.ask("""document.querySelector('.lane.' + arguments[0] +
            ' canvas').toDataURL()""", lane)

    def run(self, experiment):
        """Presses a button; returns what was told when it was done."""
        self.part(experiment).click()
        return self.told(experiment)

    def told(self, experiment):
        wait_for(experiment + " is done", lambda: self.ask(
            "!document.getElementById(arguments[0]).closest('[aria-busy]')",
            experiment))
        return self.text("told")

    def result(self, experiment):
        return self.driver.find_element(
            By.CSS_SELECTOR, f"output[for={experiment}]")

    def worst(self, experiment):
        """The longest wait of a ping meanwhile, in ms, as the page saw it."""
        return float(self.ask("arguments[0].dataset.worst",
                              self.result(experiment)))

    def complaints(self):
        """Errors in the console, since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE"]
