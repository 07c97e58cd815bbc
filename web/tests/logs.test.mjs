import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { accept, address, drawn, least, spot, write, written } from "./explore.mjs";
import { Server, until } from "./server.mjs";
import { openShop } from "./shop.mjs";

const now = Math.floor(Date.now() / 60_000) * 60_000;
const iso = (ms) => new Date(ms).toISOString();
// A second more: the first line lies at the very beginning of the hour.
const HOUR = { from: iso(now - 3601_000), to: iso(now) };
const CHECKOUT = '{app="checkout"}';

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  await openShop(server, { now, hours: 0.1, lines: 2000 });
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

const open = (params, options) => browser.open(server, address("logs", { ...HOUR, ...params }), options);
const lines = (tab) => tab.page.locator(".log-row .log-text");

/** The lines that a query finds, newest first. */
async function found(query, limit = 100) {
  const range = { query, start: `${now - 3601_000}000000`, end: `${now}999999`, limit };
  const { result } = await server.data(`/loki/api/v1/query_range?${new URLSearchParams(range)}`);
  const all = result.flatMap(({ stream, values }) =>
    values.map(([at, line]) => ({ at, line, level: stream.detected_level })),
  );
  return all.sort((a, b) => (a.at < b.at ? 1 : -1));
}

test("lines are those that the server has, in order, coloured by level, with bars over them", async () => {
  const tab = await open({ q: CHECKOUT });
  await lines(tab).first().waitFor();
  const want = await found(CHECKOUT);
  const got = await lines(tab).allInnerTexts();
  assert.deepEqual(
    got,
    want.slice(0, got.length).map(({ line }) => line),
  );
  const classes = await tab.page.locator(".log-row").evaluateAll((rows) => rows.map((row) => row.className));
  assert.deepEqual(
    classes,
    want.slice(0, got.length).map(({ level }) => `log-row level-${level}`),
  );
  const [, ...columns] = await drawn(tab);
  const counted = Math.max(...columns.map((column) => column.reduce((a, b) => a + b, 0)));
  assert.equal(counted, 1000);
  assert.match(await tab.page.locator(".level-key").innerText(), /error[\s\S]*warn[\s\S]*info/);
  await tab.checkAccessible();
  await tab.screenshot("logs");
  await tab.close();
});

test("oldest first, and a click on a bar goes into it", async () => {
  const tab = await open({ q: CHECKOUT, order: "oldest" });
  await lines(tab).first().waitFor();
  const oldest = await found(CHECKOUT, 2000);
  assert.equal(await lines(tab).first().innerText(), oldest.at(-1).line);
  const { x, y } = await spot(tab, 0.5, 0.9);
  await tab.page.mouse.click(x, y);
  await until(async () => new URL(tab.page.url()).searchParams.get("to") !== HOUR.to, "the range is that of the bar");
  const params = new URL(tab.page.url()).searchParams;
  assert.ok(Date.parse(params.get("to")) - Date.parse(params.get("from")) <= 120_000);
  await tab.close();
});

test("clicks on values change the query", async () => {
  const tab = await open({ q: '{env="prod"} |= "order"' });
  await lines(tab).first().waitFor();
  await tab.page.locator(".log-open").first().click();
  await tab.page.getByLabel("Only lines with this value: app").click();
  await until(
    async () => (await written(tab)) === '{env="prod", app="checkout"} |= "order"',
    "the label is in the selector",
  );
  assert.equal(new URL(tab.page.url()).searchParams.get("q"), '{env="prod", app="checkout"} |= "order"');
  await tab.page.locator(".log-row .log-open").first().waitFor();
  const open1 = tab.page.locator(".log-details");
  if ((await open1.count()) === 0) await tab.page.locator(".log-open").first().click();
  await tab.page.getByLabel("Only lines without this value: level").first().click();
  await until(
    async () => /\| logfmt \| level!="\w+"/.test(await written(tab)),
    "the field is filtered behind its parser",
  );
  const hidden = /level!="(\w+)"/.exec(await written(tab))[1];
  await until(
    async () => !(await lines(tab).allInnerTexts()).some((line) => line.includes(`level=${hidden} `)),
    "those lines are gone",
  );
  if ((await open1.count()) === 0) await tab.page.locator(".log-open").first().click();
  await tab.page.getByLabel("Show only this of each line: msg").click();
  await until(
    async () => /^(order paid|cart loaded|slow answer|payment failed)/.test(await lines(tab).first().innerText()),
    "only the message is shown",
  );
  await tab.close();
});

test("a line shows what was around it", async () => {
  const tab = await open({ q: `${CHECKOUT} |= "payment failed"` });
  await lines(tab).nth(3).waitFor();
  assert.equal(await lines(tab).first().locator("mark").innerText(), "payment failed");
  await tab.page.locator(".log-open").nth(3).click();
  await tab.page.getByRole("button", { name: "Lines around it" }).click();
  const context = tab.page.locator(".context-lines li");
  await until(async () => (await context.count()) >= 41, "twenty before and twenty after");
  const text = await context.locator(".log-text").allInnerTexts();
  assert.ok(
    text.some((line) => line.includes("order paid")),
    "lines that the query leaves out are there",
  );
  assert.equal(
    await tab.page.locator(".context-lines .chosen .log-text").innerText(),
    await lines(tab).nth(3).innerText(),
  );
  await tab.screenshot("logs-context");
  await tab.page.getByRole("button", { name: "Close" }).click();
  await tab.close();
});

test("JSON is indented, lines go on in the next row or do not", async () => {
  const tab = await open({ q: '{app="catalogue"}', pretty: "1" });
  await lines(tab).first().waitFor();
  assert.match(await lines(tab).first().innerText(), /^\{\n {2}"level"/);
  const wrapped = () => tab.page.locator(".log-list").evaluate((list) => list.classList.contains("wrap"));
  assert.equal(await wrapped(), true);
  await tab.page.getByLabel("Wrap").uncheck();
  assert.equal(await wrapped(), false);
  assert.match(tab.page.url(), /wrap=0/);
  await tab.close();
});

test("a metric query is a graph", async () => {
  const query = 'sum by (app) (count_over_time({env="prod"}[5m]))';
  const tab = await open({ q: query });
  await tab.page.locator(".legend tbody tr").nth(2).waitFor();
  const names = await tab.page.locator(".legend-name").allInnerTexts();
  assert.deepEqual(names, ['{app="catalogue"}', '{app="checkout"}', '{app="proxy"}']);
  const columns = (await drawn(tab)).slice(1);
  assert.ok(columns.every((column) => column.some((value) => value > 20)));
  await tab.close();
});

test("patterns say what is loud, and filter", async () => {
  const tab = await open({ q: CHECKOUT, view: "patterns" }, { theme: "dark" });
  const row = tab.page.locator(".patterns tbody tr", { hasText: "payment failed" });
  await row.waitFor();
  await tab.screenshot("logs-patterns");
  await row.getByRole("button", { name: "Only these" }).click();
  await until(
    async () => (await written(tab)).includes('|> "level=error msg=\\"payment failed: card declined\\"'),
    "the pattern is a filter",
  );
  await tab.page.getByRole("button", { name: "Lines", exact: true }).click();
  await lines(tab).first().waitFor();
  assert.ok((await lines(tab).allInnerTexts()).every((line) => line.includes("payment failed")));
  await tab.close();
});

test("the editor completes labels, values and stages; mistakes are marked", async () => {
  const tab = await open({});
  const offers = tab.page.locator(".cm-tooltip-autocomplete");
  await tab.page.locator("h1").click();
  await tab.page.keyboard.press("/");
  await tab.page.keyboard.type("{ap");
  await accept(tab, "app");
  await tab.page.keyboard.type('="che');
  await accept(tab, "checkout");
  assert.match(await written(tab), /^\{app="checkout"/);
  await write(tab, `${CHECKOUT} | `);
  await tab.page.keyboard.type("log");
  await offers.getByText("logfmt").waitFor();
  await tab.page.keyboard.press("Escape");
  await write(tab, `${CHECKOUT} | logfmt | order >`);
  await tab.page.keyboard.press("Control+Enter");
  await tab.page.getByRole("alert").getByText("parse error").waitFor();
  await tab.page.locator(".cm-lintRange-error").waitFor();
  await tab.close();
});

test("without a query the page says what there is", async () => {
  const tab = await open({});
  await tab.page.getByRole("button", { name: "checkout" }).click();
  await lines(tab).first().waitFor();
  assert.equal(await written(tab), '{service_name="checkout"}');
  await tab.close();
});

test("a live tail shows a line that comes in, and pauses", async () => {
  const tab = await browser.open(server, address("logs", { q: '{app="live"}', live: "1" }));
  await tab.page.getByText("Live", { exact: true }).nth(1).waitFor();
  // Lines that arrive more than five seconds after their time are not followed: on a machine that is busy, another one is.
  await until(async () => {
    await server.pushLogs({ app: "live" }, [[Date.now(), "level=warn first line", { trace_id: "0af7" }]]);
    await lines(tab).getByText("first line").first().waitFor({ timeout: 4000 });
    return true;
  }, "the line comes in");
  assert.equal(await tab.page.locator(".log-row.level-warn").first().locator(".log-level").innerText(), "warn");
  await tab.page.locator(".log-open").first().click();
  await tab.page.getByLabel("Only lines with this value: trace_id").waitFor();
  await tab.page.getByRole("button", { name: "Pause" }).click();
  await server.pushLogs({ app: "live" }, [[Date.now(), "second line"]]);
  await tab.page.getByText("1 wait").waitFor();
  assert.equal(await lines(tab).getByText("second line").count(), 0);
  await tab.page.getByRole("button", { name: "Go on" }).click();
  await lines(tab).getByText("second line").waitFor();
  assert.equal(await lines(tab).first().innerText(), "second line");
  await tab.close();
});

test("an address brings everything back", async () => {
  const first = await open({ q: `${CHECKOUT} |= "order"`, order: "oldest", limit: "100", wrap: "0" });
  await lines(first).first().waitFor();
  const url = new URL(first.page.url());
  const second = await browser.open(server, url.pathname + url.search);
  await lines(second).first().waitFor();
  assert.deepEqual(await lines(second).allInnerTexts(), await lines(first).allInnerTexts());
  assert.deepEqual(await drawn(second), await drawn(first));
  assert.equal(await second.page.locator(".log-list.wrap").count(), 0);
  await first.close();
  await second.close();
});

test("ten thousand lines are loaded by scrolling, and scroll without a stutter", async () => {
  const entries = Array.from({ length: 10_000 }, (_, i) => [
    now - 10_000 * 300 + i * 300,
    `level=info msg="line ${i}" ${"x".repeat(i % 180)}`,
  ]);
  for (let from = 0; from < entries.length; from += 2500)
    await server.pushLogs({ app: "many" }, entries.slice(from, from + 2500));
  const tab = await open({ q: '{app="many"}', limit: "5000" });
  await lines(tab).first().waitFor();
  const list = tab.page.locator(".log-list");
  const all = tab.page.locator('[aria-setsize="10000"]');
  await until(async () => {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return (await all.count()) > 0;
  }, "all lines are loaded");
  const frames = await list.evaluate(async (element) => {
    const times = [];
    for (let i = 0; i <= 100; i++) {
      const began = performance.now();
      element.scrollTop = (element.scrollHeight * i) / 100;
      element.dispatchEvent(new Event("scroll"));
      // One frame for the page to draw, and a task behind it: all of the work of a scroll.
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b);
  });
  const median = frames[50];
  console.log(
    `10,000 lines: a scroll takes ${median.toFixed(1)} ms, the slowest of 95 in 100 ${frames[95].toFixed(1)} ms`,
  );
  assert.ok(median < 100, `a scroll takes ${median} ms`);
  await until(
    async () => (await lines(tab).allInnerTexts()).some((line) => line.startsWith('level=info msg="line 0"')),
    "the last line is seen at the end",
  );
  assert.ok((await lines(tab).count()) < 200, "only what is in sight is in the page");
  await list.evaluate((element) => element.scrollTo(0, 0));
  const toggled = await least(3, async (i) => {
    const row = `[aria-posinset="${i + 2}"]`;
    await tab.page.locator(row).waitFor();
    return tab.timeToDraw(() => tab.page.locator(`${row} .log-open`).click(), `${row} .log-details`);
  });
  console.log(`opening a line takes ${toggled.toFixed(1)} ms`);
  assert.ok(toggled < 100, `opening a line takes ${toggled} ms`);
  await tab.close();
});
