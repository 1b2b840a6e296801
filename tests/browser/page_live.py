"""The page beside its server: the ring, the lanes and the buttons."""

import re

from browser import wait_for
from page_suite import test


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
def the_ring_and_the_lane_of_the_loop_tell_the_same_ticks(page, server):
    for url in (server.url, server.url + "?trace=example.trace"):
        page.driver.get(url)
        page.driver.execute_script("""
            window.seen = [];
            const text = (name) => document.querySelector(name).textContent;
            new MutationObserver(() => {
              const told = /In the last (.*?): (?:of [\\d,]+ ticks )?([\\d,]+)/
                  .exec(text('#ring-text'));
              const lane = /^([\\d,]+) tick.* \\/ (.*)/
                  .exec(text('.lane.loop .state'));
              if (told && lane) seen.push([told[2], told[1], lane[1], lane[2]]);
            }).observe(document.getElementById('ring-text'),
                       {childList: true});""")
        wait_for("some counts", lambda: len(page.seen()) > 5)
        for ticks, span, ticks_of_lane, span_of_lane in page.seen():
            assert (ticks, span) == (ticks_of_lane, span_of_lane), page.seen()


@test
def the_sum_of_calls_says_what_it_leaves_out(page, server):
    page.open(server.url)
    wait_for("the sum", lambda: "so far" in page.text("numbers"))
    assert "calls, without rpc.*" in page.text("numbers")


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
