"""The page in a real browser: page_test.py SERVER CHROMIUM DRIVER [WORD]."""

import os
import re
import shutil
import sys
import tempfile
import time
import traceback

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import Browser, Server, wait_for

TESTS = []
WIDE, NARROW, NARROWEST = (1366, 900), (390, 844), (320, 640)


def test(function):
    TESTS.append(function)
    return function


# A machine that is busy itself may hold up a ping or the page, but not always.
def runs_until(experiment, page, condition):
    for _ in range(4):
        page.run(experiment)
        if condition():
            return
    raise AssertionError(f"ran {experiment} four times in vain")


@test
def it_loads_and_the_ticks_are_counted(page, server):
    page.open(server.url)
    assert f"pid {server.process.pid}" in page.text("server")
    first = page.text("ring")
    wait_for("the ring moves on", lambda: page.text("ring") != first)
    assert "ticks. The loop waited" in page.text("ring-text")


@test
def the_sum_of_requests_says_what_it_leaves_out(page, server):
    page.open(server.url)
    wait_for("the sum", lambda: "so far" in page.text("numbers"))
    assert "requests, without rpc.*" in page.text("numbers")


@test
def the_lanes_of_all_workers_are_there_and_move(page, server):
    page.open(server.url)
    names = page.lanes()
    for name in ("latency", "loop", "queue", "thread-1", "process-1"):
        assert name in names, names
    for lane in ("line", "loop"):
        before = page.picture(lane)
        wait_for(f"the {lane} moves", lambda: page.picture(lane) != before)


@test
def a_blocked_loop_is_seen_by_each_ping_and_named(page, server):
    page.open(server.url)
    told = page.run("block")
    assert "The loop slept for" in told and "Each client waited" in told, told
    assert page.worst("block") > 250
    wait_for("its name", lambda: "sleep_on_loop" in page.text("slow"))


@test
def the_same_in_the_pool_is_felt_less_than_on_the_loop(page, server):
    page.open(server.url)
    page.run("block")
    blocked = page.worst("block")
    runs_until("pool", page, lambda: page.worst("pool") < blocked / 2)
    assert "A worker slept for" in page.text("told")


@test
def while_the_loop_is_blocked_the_page_says_that_nobody_answers(page, server):
    page.open(server.url)
    page.watch("ring-text")
    runs_until("block", page, lambda: any(
        "Nobody has been answered" in text for text in page.seen()))


@test
def a_lane_names_the_job_that_runs(page, server):
    page.open(server.url)
    page.watch("lanes")
    runs_until("pool", page, lambda: any(
        re.search(r"thread-\d+sleep \d", text) for text in page.seen()))
    wait_for("its end", lambda: all(
        "sleep" not in state for state in page.lanes().values()))


@test
def more_jobs_than_threads_stand_in_the_queue(page, server):
    page.open(server.url)
    page.watch("lanes")
    runs_until("many", page, lambda: any(
        re.search(r"queue[1-9]", text) for text in page.seen()))
    assert "12 jobs of 300 ms took" in page.text("told")
    wait_for("it is empty", lambda: page.lanes()["queue"] == "0 waiting")


@test
def spinning_is_told_with_its_deadline_and_its_end(page, server):
    page.open(server.url)
    told = page.run("spin")
    assert "-32001" in told and "killed" in told, told


@test
def a_crash_is_told_and_the_page_lives_on(page, server):
    page.open(server.url)
    told = page.run("crash")
    assert "-32003" in told and "SIGABRT" in told, told
    assert page.link() == "open"


@test
def the_keyboard_reaches_and_presses_each_button(page, server):
    page.open(server.url)
    reached = []
    for _ in range(20):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        reached.append(page.ask("document.activeElement.id"))
        outline = page.ask(
            "getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or reached[-1] == "file", reached[-1]
        if reached[-1] == "pool":
            break
    assert ["file", "block", "pool"] == [
        name for name in reached if name in ("file", "block", "pool")]
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    assert "A worker slept" in page.told("pool")


@test
def nothing_is_cut_off_wide_or_narrow(page, server):
    page.open(server.url)
    for width, height in (WIDE, NARROW, NARROWEST):
        page.window(width, height)
        assert page.ask("document.documentElement.scrollWidth") <= width
    assert page.ask("""[...document.querySelectorAll('.try button')].every(
        (button) => button.offsetHeight >= 44 && button.offsetWidth >= 44)""")
    page.window(*WIDE)
    bottom = page.ask(
        "document.getElementById('lanes').getBoundingClientRect().bottom")
    assert bottom <= WIDE[1], "the lanes are below the first screen"


@test
def where_a_table_is_cut_off_a_shade_says_so(page, server):
    page.open(server.url)
    page.run("pool")
    page.window(*NARROW)
    wide, seen, shades = page.ask("""(() => {
        const part = document.getElementById('methods');
        return [part.scrollWidth, part.clientWidth,
                getComputedStyle(part).backgroundAttachment]})()""")
    assert wide > seen, "it is not cut off"
    assert shades == "local, local, scroll, scroll", shades


@test
def the_stage_that_blocks_can_be_read_on_its_hatching(page, server):
    page.open(server.url)
    for scheme in ("light", "dark"):
        page.prefer(prefers_color_scheme=scheme)
        ink, ground, line, share = page.ask("""(() => {
            const stage = document.querySelector('#ring .serve');
            stage.classList.add('slow');
            const of = (part) => getComputedStyle(part);
            const line = of(document.querySelector('#ring .hatching'));
            return [of(stage.querySelector('.name')).fill,
                    of(document.querySelector('#ring .hatching-back')).fill,
                    line.stroke, line.strokeOpacity]})()""")
        worst = blend(ground, line, float(share))
        assert contrast(ink, worst) >= 4.5, (scheme, ink, worst)
    page.prefer()


def blend(ground, colour, share):
    """The colour with that opacity on the ground, "rgb(...)" all of them."""
    parts = [[int(part) for part in re.findall(r"\d+", each)[:3]]
             for each in (ground, colour)]
    return "rgb({}, {}, {})".format(*(
        round(below + share * (above - below)) for below, above in zip(*parts)))


@test
def light_and_dark_can_both_be_read(page, server):
    page.open(server.url)
    grounds = []
    for scheme in ("light", "dark"):
        page.prefer(prefers_color_scheme=scheme)
        ground, ink = page.ask("""['backgroundColor', 'color'].map((name) =>
            getComputedStyle(document.body)[name])""")
        assert contrast(ground, ink) >= 7, (scheme, ground, ink)
        grounds.append(ground)
    assert grounds[0] != grounds[1]


def contrast(*colours):
    """As WCAG 2 reckons it, of two "rgb(...)"."""
    def luminance(colour):
        parts = [int(part) / 255 for part in
                 colour[colour.index("(") + 1:-1].split(",")[:3]]
        red, green, blue = [part / 12.92 if part <= 0.03928 else
                            ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    darker, lighter = sorted(luminance(colour) for colour in colours)
    return (lighter + 0.05) / (darker + 0.05)


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
def a_trace_can_be_dropped_onto_the_page(page, server):
    page.open(server.url)
    page.driver.execute_script("""
        const dropped = new DataTransfer();
        dropped.items.add(new File(['5 1 timers loop timer 7 9'], 'one.trace'));
        document.body.dispatchEvent(new DragEvent('drop', {
            dataTransfer: dropped, bubbles: true, cancelable: true}));""")
    wait_for("the player", lambda: page.link() == "replay")
    assert "one.trace: 1 tick," in page.text("trace-name")


@test
def a_file_that_is_no_trace_is_refused_in_words(page, server):
    page.open(server.url)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("this is\nno trace\n")
        file.flush()
        page.part("file").send_keys(file.name)
        wait_for("the words", lambda: "holds no event" in page.text("notice"))
    assert page.link() == "open"


@test
def without_the_trace_of_its_address_the_page_is_live(page, server):
    page.open(server.url + "?trace=nope.trace")
    assert "nope.trace: 404" in page.text("notice")
    assert "A worker slept" in page.run("pool")
    page.complaints()  # of the trace that is not there


@test
def nothing_was_complained_of_in_the_console(page, server):
    complaints = page.complaints()
    assert complaints == [], complaints


@test
def after_a_restart_of_the_server_it_connects_again(page, server):
    page.open(server.url)
    server.kill()
    wait_for("the loss", lambda: page.link() == "lost")
    assert "trying again in" in page.text("link")
    assert page.ask("document.getElementById('block').disabled")
    server.start()
    wait_for("the server is back", lambda: page.link() == "open")
    wait_for("it is the new one",
             lambda: f"pid {server.process.pid}" in page.text("server"))
    assert "A worker slept" in page.run("pool")
    page.complaints()  # of connections that were refused meanwhile


def run(one, page, server):
    begin = time.monotonic()
    page.window(*WIDE)
    try:
        one(page, server)
        ok = True
    except Exception:
        traceback.print_exc(file=sys.stdout)
        ok = False
    print(f"{'ok    ' if ok else 'failed'} {one.__name__.replace('_', ' ')} "
          f"({time.monotonic() - begin:.1f} s)", flush=True)
    return ok


def main(program, chromium, driver, word=""):
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
    print(f"browser: {sum(results)} passed, "
          f"{len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
