"""The pages of upload and chat in a real browser:
small_pages_test.py UPLOAD CHAT CHROMIUM DRIVER [WORD]."""

import os
import sys
import tempfile

from selenium.webdriver.common.keys import Keys

from browser import Browser, passes, Server, summary, wait_for


class Chat(Server):
    """It is given the port alone; lines have any other."""

    def flags(self):
        return ["--http", self.address.split(":")[1], "--port", "0"]


def send(page, upload, name, size):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(b"x" * size)
        page.driver.get(upload.url)
        wait_for("the link", lambda: page.text("link") == "connected")
        page.part("chosen").send_keys(path)
        wait_for(f"{name} is there", lambda: page.ask(
            "[...document.querySelectorAll('li')].some((item) => " +
            "item.textContent.includes(arguments[0] + ' done'))", name))
    return page.ask("[...document.querySelectorAll('li')].find((item) => " +
                    "item.textContent.includes(arguments[0])).textContent",
                    name)


def a_size_is_told_in_a_unit_that_fits_it(page, upload, _):
    for name, size, words in (("empty", 0, "done: 0 bytes"),
                              ("short", 1, "done: 1 byte"),
                              ("middle", 12_345, "done: 12.3 kB"),
                              ("large", 3_000_000, "done: 3.0 MB")):
        told = send(page, upload, name, size)
        assert words + "SHA-1" in told, told


def what_is_selected_or_has_the_focus_stays_so(page, upload, _):
    send(page, upload, "kept", 500)
    page.driver.execute_script("""
        window.asked = 0;
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function(text) {
          ++asked;
          send.call(this, text);
        };
        document.querySelector('li a').focus();
        getSelection().selectAllChildren(document.querySelector('li code'));
        """)
    selected = page.ask("getSelection().toString()")
    assert "SHA-1" in selected, selected
    wait_for("some answers", lambda: page.ask("asked") > 3)
    assert page.ask("getSelection().toString()") == selected
    assert page.ask("document.activeElement.tagName") == "A"


def fits(page, width):
    """Whether all can be seen without scrolling to the side."""
    return page.ask("document.documentElement.scrollWidth") <= width


def a_long_name_is_broken_on_a_phone(page, upload, _):
    name = "averyveryverylongname" * 8
    send(page, upload, name, 5)
    page.window(320, 640)
    assert fits(page, 320)


def each_file_that_is_not_stored_is_told_with_the_reason(page, upload, _):
    page.driver.get(upload.url)
    wait_for("the link", lambda: page.text("link") == "connected")
    page.driver.execute_script("""
        const answers = {
          '/full': ['no space on the disk\\n', 507, 'text/plain'],
          '/large': ['<html>', 413, 'text/html'],
        };
        window.fetch = async (path) => {
          const [body, status, type] = answers[path];
          return new Response(body, {status, headers: {'Content-Type': type}});
        };
        const all = new DataTransfer();
        for (const name of ['full', 'large', 'lost']) {
          all.items.add(new File([], name));
        }
        chosen.files = all.files;
        chosen.dispatchEvent(new Event('change'));""")
    wait_for("all of them", lambda: page.ask("refused.children.length") == 3)
    told = page.ask("[...refused.children].map((item) => item.textContent)")
    assert sorted(told) == ["full was not stored: no space on the disk",
                            "large was not stored: error 413",
                            "lost was not stored: it was cut off"], told
    assert page.text("link") == "connected"


def enter(page, text):
    page.ask("document.activeElement").send_keys(text, Keys.ENTER)


def one_may_write_at_once_and_is_known_by_the_name(page, _, chat):
    page.driver.get(chat.url)
    wait_for("the link", lambda: page.text("link") == "connected")
    enter(page, "ada")
    wait_for("the name", lambda: page.text("asked") == "ada")
    enter(page, "hello")
    wait_for("the line", lambda: "ada: hello" in page.text("said"))


def with_the_longest_name_one_may_still_write_on_a_phone(page, _, chat):
    page.window(320, 640)
    page.driver.get(chat.url)
    wait_for("the link", lambda: page.text("link") == "connected")
    enter(page, "W" * 20)
    wait_for("the name", lambda: page.text("asked") == "W" * 20)
    assert fits(page, 320)
    assert page.ask("words.clientWidth") >= 160, page.ask("words.clientWidth")


def what_is_half_written_is_no_name_after_a_loss(page, _, chat):
    one_may_write_at_once_and_is_known_by_the_name(page, _, chat)
    page.part("words").send_keys("half a sen")
    chat.kill()
    wait_for("the loss", lambda: "trying again" in page.text("link"))
    assert page.text("asked") == "ada"
    page.driver.execute_script("wanted = 'x'.repeat(99)")  # will be refused
    chat.start()
    wait_for("the room is back", lambda: page.text("link") == "connected")
    wait_for("the question", lambda: page.text("asked") == "Your name")
    assert page.ask("words.value") == ""
    enter(page, "bea")
    wait_for("the name", lambda: page.text("asked") == "bea")
    assert page.ask("words.value") == "half a sen"


TESTS = (a_size_is_told_in_a_unit_that_fits_it,
         what_is_selected_or_has_the_focus_stays_so,
         a_long_name_is_broken_on_a_phone,
         each_file_that_is_not_stored_is_told_with_the_reason,
         one_may_write_at_once_and_is_known_by_the_name,
         with_the_longest_name_one_may_still_write_on_a_phone,
         what_is_half_written_is_no_name_after_a_loss)


def main(upload, chat, chromium, driver, word=""):
    tests = [one for one in TESTS if word.replace(" ", "_") in one.__name__]
    with tempfile.TemporaryDirectory() as folder:
        servers = Server(upload, "--folder", folder), Chat(chat)
        page = Browser(chromium, driver)
        try:
            for server in servers:
                server.start()
            results = [passes(one, page, *servers) for one in tests]
        finally:
            page.quit()
            for server in servers:
                server.kill()
    return summary(results)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
