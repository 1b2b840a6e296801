"""The page wide and narrow, light and dark, and with the keyboard."""

import re

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import wait_for
from page_suite import NARROW, NARROWEST, test, WIDE


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
def the_captions_of_the_buttons_stand_on_one_line(page, server):
    page.open(server.url)
    page.driver.execute_script("block.textContent = 'word '.repeat(30)")
    for width in (1280, 1024):
        page.window(width, 800)
        tops, cut_off = page.ask("""(() => {
            const all = [...document.querySelectorAll('.try small')];
            return [all.map((part) => part.getBoundingClientRect().top),
                    all.filter((part) => part.scrollWidth > part.clientWidth)
                        .map((part) => part.textContent)]})()""")
        assert max(tops) - min(tops) < 1 and not cut_off, (tops, cut_off)


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
def the_wait_has_its_bar_where_colours_are_forced(page, server):
    page.open(server.url)
    page.run("block")
    page.prefer(forced_colors="active")
    bar, ground = page.ask("""['.measure', '.card'].map((part) =>
        getComputedStyle(document.querySelector(part)).backgroundColor)""")
    assert contrast(bar, ground) >= 3, (bar, ground)
    page.prefer()


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
