"""The page in a real browser: page_test.py SERVER CHROMIUM DRIVER [WORD]."""

import os
import re
import shutil
import sys
import tempfile

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import Browser, passes, Server, summary, wait_for

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
    for name in ("latency", "loop", "queue", "thread-1", "process-1"):
        wait_for(f"the lane {name}", lambda: name in page.lanes())
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
def of_two_buttons_at_once_none_is_given_the_wait(page, server):
    page.open(server.url)
    page.run("pool")
    page.driver.execute_script("block.click(); pool.click()")
    for name in ("block", "pool"):
        told = page.told(name)
        assert "cannot be told" in told and "felt nothing" not in told, told
        assert page.ask("arguments[0].dataset.worst", page.result(name)) is None


@test
def a_process_that_crashes_is_not_said_to_have_spun(page, server):
    page.open(server.url)
    page.watch("told")
    page.part("spin").click()
    wait_for("it spins", lambda: "spin" in str(page.lanes()))
    page.run("crash")
    page.told("spin")
    told = " ".join(page.seen())  # either may end first
    spun = set(re.findall(r"Process (\d+), which spun", told))
    crashed = set(re.findall(r"Process (\d+) is gone", told))
    assert len(spun) == len(crashed) == 1 and spun != crashed, told


@test
def while_the_loop_is_blocked_the_marker_is_at_serve(page, server):
    page.open(server.url)
    page.driver.execute_script("""
        window.seen = [];
        new MutationObserver(() => seen.push(
            document.querySelector('#ring .stalled') !== null &&
            document.querySelector('#ring .serve.here.slow') === null))
        .observe(document.getElementById('ring-text'), {childList: true});
        """)
    runs_until("block", page, lambda: len(page.seen()) > 3)
    assert True not in page.seen()


@test
def while_the_loop_is_blocked_the_page_says_that_nobody_answers(page, server):
    page.open(server.url)
    page.watch("ring-text")
    runs_until("block", page, lambda: any(
        "the loop is in a callback, or the network" in text
        for text in page.seen()))


@test
def a_lane_names_the_job_that_runs(page, server):
    page.open(server.url)
    page.watch("lanes")
    runs_until("pool", page, lambda: any(
        re.search(r"thread-\d+\d+ [mµ]s sleep", text) for text in page.seen()))
    wait_for("its end", lambda: all(
        "sleep" not in state for state in page.lanes().values()))


@test
def more_jobs_than_threads_stand_in_the_queue(page, server):
    page.open(server.url)
    page.watch("lanes")
    runs_until("many", page, lambda: any(
        re.search(r"queue[1-9]", text) for text in page.seen()))
    assert "12 jobs of 300 ms were done after" in page.text("told")
    wait_for("it is empty", lambda: page.lanes()["queue"] == "0 waiting")


@test
def spinning_is_told_with_its_deadline_and_its_end(page, server):
    page.open(server.url)
    told = page.run("spin")
    assert re.search(r"-32001.* Process (\d+), which spun, was killed; "
                     r"(?!\1)\d+", told), told


@test
def a_crash_is_told_and_the_page_lives_on(page, server):
    page.open(server.url)
    told = page.run("crash")
    assert "-32003" in told and "SIGABRT" in told, told
    assert page.link() == "open"


@test
def what_is_told_moves_nothing_above_it(page, server):
    page.open(server.url)
    for size in (WIDE, NARROW):
        page.window(*size)
        wait_for("it has settled", lambda: page.ask("innerWidth") == size[0])
        tops = [page.ask("lanes.getBoundingClientRect().top + scrollY")]
        for name in ("block", "pool", "spin"):
            page.run(name)
            tops.append(page.ask(
                "lanes.getBoundingClientRect().top + scrollY"))
        assert max(tops) - min(tops) < 1, tops


@test
def the_columns_that_matter_are_in_sight(page, server):
    page.open(server.url)
    page.run("block")
    for size, connections in (((1024, 768), "wire"), (NARROW, "reading")):
        page.window(*size)
        for table, heading in (("connections", connections),
                               ("methods", "longest")):
            wait_for(f"{heading} at {size}", lambda: page.ask(
                """document.getElementById(arguments[0])
                    .getBoundingClientRect().right >=
                [...document.querySelectorAll(`#${arguments[0]} th`)].find(
                    (th) => th.textContent === arguments[1])
                    .getBoundingClientRect().right""", table, heading))


@test
def outlines_can_be_seen(page, server):
    page.open(server.url)
    for scheme in ("light", "dark"):
        page.prefer(prefers_color_scheme=scheme)
        line, ground = page.ask("""[
            getComputedStyle(document.querySelector('select')).borderTopColor,
            getComputedStyle(document.querySelector('.card')).backgroundColor]
            """)
        assert contrast(line, ground) >= 3, (scheme, line, ground)
    page.prefer()


@test
def each_result_is_read_aloud_once(page, server):
    page.open(server.url)
    assert page.ask("[...document.querySelectorAll('output[for]')].every(" +
                    "(part) => part.id === 'position' || " +
                    "part.ariaLive === 'off')")


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
        assert page.ask("getComputedStyle(document.querySelector(" +
                        "'.open a')).outlineStyle") == "none" or \
            reached[-1] == "", "two parts are outlined"
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


@test
def a_trace_of_many_lanes_shows_a_hundred_and_counts_the_rest(page, server):
    page.open(server.url)
    page.driver.execute_script("""
        const lines = Array.from({length: 5000}, (_, i) =>
            `5 1 job thread-${i + 1} primes 7 9`).join('\\n');
        const dropped = new DataTransfer();
        dropped.items.add(new File([lines + '\\nnone'], 'many.trace'));
        document.body.dispatchEvent(new DragEvent('drop', {
            dataTransfer: dropped, bubbles: true, cancelable: true}));""")
    wait_for("the player", lambda: page.link() == "replay")
    wait_for("the rest", lambda: "and 4,900 more lanes" in page.text("lanes"))
    assert "thread-100" in page.lanes() and "thread-101" not in page.lanes()
    assert "1 line not understood" in page.text("trace-name")


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
    page.part("dismiss").click()
    assert not page.part("notice").is_displayed()


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
    page.part("spin").click()
    wait_for("it spins", lambda: "spin" in str(page.lanes()))
    server.kill()
    wait_for("the loss", lambda: page.link() == "lost")
    assert "trying again in" in page.text("link")
    told = page.told("spin")
    assert "lost before it answered" in told and "killed" not in told, told
    assert page.ask("spin.ariaDisabled") == "true"
    assert page.ask("document.activeElement.id") == "spin"
    server.start()
    wait_for("the server is back", lambda: page.link() == "open")
    wait_for("it is the new one",
             lambda: f"pid {server.process.pid}" in page.text("server"))
    assert "A worker slept" in page.run("pool")
    page.complaints()  # of connections that were refused meanwhile


@test
def a_server_that_ends_is_said_to_shut_down(page, server):
    page.open(server.url)
    page.watch("link")
    server.process.terminate()
    wait_for("it was tried again", lambda: "attempt 2" in str(page.seen()))
    assert all(text.strip().startswith("the server shuts down")
               for text in page.seen()), page.seen()
    server.kill()
    server.start()
    wait_for("the server is back", lambda: page.link() == "open")
    page.complaints()  # of connections that were refused meanwhile


def run(one, page, server):
    page.window(*WIDE)
    return passes(one, page, server)


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
    return summary(results)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
