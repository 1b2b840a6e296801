"""Recorded traces in the page."""

import os
import re
import shutil
import tempfile

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import wait_for
from page_suite import test


@test
def a_trace_that_the_server_wrote_is_replayed_with_the_keys(page, server):
    page.open(server.url)
    page.run("pool")
    wait_for("the trace", lambda: os.path.getsize(server.trace) > 5000)
    # a browser does not read a file that is still being written
    recorded = shutil.copy(server.trace, server.trace + ".copy")
    page.part("file").send_keys(recorded)
    wait_for("the player", lambda: page.link() == "replay")
    wait_for("it plays", lambda: page.text("play") == "Pause")
    page.ask("document.activeElement.blur()")
    ActionChains(page.driver).send_keys(Keys.SPACE).perform()
    wait_for("it stands still", lambda: page.text("play") == "Play")
    wait_for("the events", lambda: "event by event" in page.text("events"))
    paused = page.text("position")
    ActionChains(page.driver).send_keys(Keys.ARROW_RIGHT).perform()
    wait_for("the tick's end", lambda: page.text("position") != paused)
    end = page.text("position")
    ActionChains(page.driver).send_keys(Keys.ARROW_RIGHT).perform()
    wait_for("the next tick", lambda: page.text("position") != end)
    ActionChains(page.driver).send_keys(Keys.ARROW_LEFT).perform()
    wait_for("back again", lambda: page.text("position") == end)


@test
def the_example_is_replayed_by_its_address_and_can_be_dragged(page, server):
    page.prefer(prefers_reduced_motion="reduce")
    page.driver.get(server.url + "?trace=example.trace")
    wait_for("the player", lambda: page.link() == "replay")
    wait_for("less motion: it waits", lambda: page.text("play") == "Play")
    first = page.text("position")
    page.part("scrub").send_keys(Keys.END)
    wait_for("the end", lambda: page.text("position") != first)
    assert "thread-1" in page.lanes()
    page.prefer()


@test
def the_keys_of_the_player_go_on_the_slider_too(page, server):
    page.prefer(prefers_reduced_motion="reduce")
    page.driver.get(server.url + "?trace=example.trace")
    wait_for("the player", lambda: page.link() == "replay")
    wait_for("a tick", lambda: "event by event" in page.text("events"))
    begin = page.text("position")
    page.part("scrub").click()
    wait_for("its middle", lambda: page.text("position") != begin)
    first = page.text("position")
    page.part("scrub").send_keys(Keys.ARROW_RIGHT)
    wait_for("its end", lambda: page.text("position") != first)
    ticks = [int(re.search(r"tick ([\d,]+)", text)[1].replace(",", ""))
             for text in (first, page.text("position"))]
    assert ticks[1] - ticks[0] in (0, 1), ticks
    page.part("scrub").send_keys(Keys.SPACE)
    wait_for("it plays", lambda: page.text("play") == "Pause")
    page.prefer()


@test
def a_film_that_stands_still_is_not_drawn_again(page, server):
    page.driver.get(server.url + "?trace=example.trace")
    wait_for("it plays", lambda: page.text("play") == "Pause")
    page.part("play").click()
    wait_for("it stands still", lambda: page.text("play") == "Play")
    page.driver.execute_script("""
        window.drawn = 0;
        const {clearRect} = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.clearRect = function(...all) {
          ++drawn;
          clearRect.apply(this, all);
        };""")
    page.driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert page.ask("drawn") == 0
    page.part("step").click()
    wait_for("it is drawn", lambda: page.ask("drawn") > 0)


def drop(page, name, text):
    """As if a person dragged such a file there."""
    page.driver.execute_script("""
        const dropped = new DataTransfer();
        dropped.items.add(new File([arguments[1]], arguments[0]));
        document.body.dispatchEvent(new DragEvent('drop', {
            dataTransfer: dropped, bubbles: true, cancelable: true}));""",
                               name, text)
    wait_for("the player", lambda: page.link() == "replay")


@test
def a_trace_of_many_lanes_shows_a_hundred_and_counts_the_rest(page, server):
    page.open(server.url)
    lines = [f"5 1 job thread-{i + 1} primes 7 9" for i in range(5000)]
    drop(page, "many.trace", "\n".join([*lines, "none", "7 1 jo"]))
    wait_for("the rest", lambda: "and 4,900 more lanes" in page.text("lanes"))
    assert "thread-100" in page.lanes() and "thread-101" not in page.lanes()
    assert page.text("trace-name").endswith(
        "; 1 line not understood; its last line is cut")


@test
def a_trace_can_be_dropped_onto_the_page(page, server):
    page.open(server.url)
    drop(page, "one.trace", "5 1 timers loop timer 7 9")
    assert "one.trace: 1 tick," in page.text("trace-name")


@test
def no_sum_is_of_a_longer_time_than_there_was(page, server):
    page.open(server.url)
    drop(page, "short.trace", "5 1 timers loop timer 7 30")  # plays for 3 s
    told = wait_for("a sum", lambda: re.search(r"In the last (\d+) µs",
                                               page.text("ring-text")))
    assert int(told[1]) <= 30, told[0]


@test
def a_file_that_is_no_trace_is_refused_in_words(page, server):
    page.open(server.url)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("this is\nno trace\n")
        file.flush()
        page.part("file").send_keys(file.name)
        wait_for("the words", lambda: "holds no event" in page.text("notice"))
    assert page.link() == "open"
    page.part("dismiss").click()
    assert not page.part("notice").is_displayed()


@test
def without_the_trace_of_its_address_the_page_is_live(page, server):
    page.open(server.url + "?trace=nope.trace")
    assert "nope.trace: 404" in page.text("notice")
    assert "A worker slept" in page.run("pool")
    page.complaints()  # of the trace that is not there
