"""What the page says of a server that goes; after all the others."""

from browser import wait_for
from page_suite import NARROWEST, test

TOP = "document.querySelector('main').getBoundingClientRect().top"


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


@test
def a_loss_moves_nothing_and_is_not_cut_off(page, server):
    page.open(server.url)
    tops = []
    for size in ((901, 700), (1024, 768)):
        page.window(*size)
        wait_for("it has settled", lambda: page.ask("innerWidth") == size[0])
        tops.append(page.ask(TOP))
    server.process.terminate()
    wait_for("the loss", lambda: "shuts down" in page.text("link"))
    assert page.ask(TOP) == tops.pop()
    page.window(901, 700)
    wait_for("it has settled", lambda: page.ask("innerWidth") == 901)
    assert page.ask(TOP) == tops.pop()
    page.window(*NARROWEST)
    wait_for("all is in sight", lambda: page.ask(
        "document.documentElement.scrollWidth") == NARROWEST[0])
    server.kill()
    server.start()
    wait_for("the server is back", lambda: page.link() == "open")
    page.complaints()  # of connections that were refused meanwhile
