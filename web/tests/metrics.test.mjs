import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { accept, address, drawn, least, near, pixelsOf, spot, write, written } from "./explore.mjs";
import { Server, until } from "./server.mjs";
import { openShop } from "./shop.mjs";

const now = Math.floor(Date.now() / 60_000) * 60_000;
const iso = (ms) => new Date(ms).toISOString();
const HOURS = { from: iso(now - 6 * 3600_000), to: iso(now) };
const RATE = "sum by (code) (rate(http_requests_total[5m]))";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  await openShop(server, { now });
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

const rows = (tab) => tab.page.locator(".legend tbody tr");
const open = async (params, options) => {
  const tab = await browser.open(server, address("metrics", { ...HOURS, step: "1m", ...params }), options);
  return tab;
};

async function ask(path, params) {
  return server.data(`${path}?${new URLSearchParams(params)}`);
}

test("a graph draws what the server answers", async () => {
  const tab = await open({ q: RATE });
  await rows(tab).nth(2).waitFor();
  const range = { query: RATE, start: (now - 6 * 3600_000) / 1000, end: now / 1000, step: 60 };
  const { result } = await ask("/api/v1/query_range", range);
  const [times, ...columns] = await drawn(tab);
  assert.equal(columns.length, result.length);
  result.forEach(({ values }, i) => {
    for (const [time, value] of values) near(columns[i][times.indexOf(time)], Number(value));
  });
  for (const row of await rows(tab).all()) {
    const colour = await row.locator(".swatch").evaluate((swatch) => getComputedStyle(swatch).backgroundColor);
    assert.ok((await pixelsOf(tab, colour)) > 200, `a line in ${colour}`);
  }
  assert.match(await tab.page.locator(".query-cost").innerText(), /3 series .* samples/);
  await tab.checkAccessible();
  await tab.screenshot("metrics-graph");
  await tab.close();
});

test("the pointer shows values, in the legend and beside it", async () => {
  const tab = await open({ q: RATE });
  await rows(tab).nth(2).waitFor();
  const { x, y } = await spot(tab, 0.5, 0.5);
  await tab.page.mouse.move(x, y);
  await tab.page.getByText("At pointer").waitFor();
  const [times, first] = await drawn(tab);
  const index = await tab.page.locator(".chart-host").evaluate((element) => element.plot.cursor.idx);
  near(times[index], (now - 3 * 3600_000) / 1000, 120);
  const shown = await rows(tab).first().locator("td").nth(1).innerText();
  near(Number(shown.replace("/s", "")), first[index], 0.001);
  assert.match(await tab.page.locator(".chart-tip").innerText(), /\{code="\d+"\}/);
  await tab.close();
});

test("the legend shows one alone, switches one, and the address knows", async () => {
  const tab = await open({ q: RATE });
  await rows(tab).nth(2).waitFor();
  const off = tab.page.locator(".legend tr[data-off]");
  await rows(tab).nth(1).getByRole("button").click();
  await until(async () => (await off.count()) === 2, "two are hidden");
  assert.match(tab.page.url(), /only=/);
  const shown = await tab.page
    .locator(".chart-host")
    .evaluate((element) => element.plot.series.slice(1).map((each) => each.show));
  assert.deepEqual(shown, [false, true, false]);
  await rows(tab).nth(1).getByRole("button").click();
  await until(async () => (await off.count()) === 0, "all are back");
  await rows(tab)
    .nth(0)
    .getByRole("button")
    .click({ modifiers: ["Control"] });
  await until(async () => (await off.count()) === 1, "one is hidden");
  await tab.close();
});

test("a drag zooms, and back goes back", async () => {
  const tab = await open({ q: RATE });
  await rows(tab).nth(2).waitFor();
  const [from, to] = [await spot(tab, 0.25, 0.5), await spot(tab, 0.5, 0.5)];
  await tab.page.mouse.move(from.x, from.y);
  await tab.page.mouse.down();
  await tab.page.mouse.move(to.x, to.y, { steps: 4 });
  await tab.page.mouse.up();
  const zoomed = await until(async () => {
    const params = new URL(tab.page.url()).searchParams;
    return params.get("to") !== HOURS.to && params;
  }, "the address changes");
  near(Date.parse(zoomed.get("from")), now - 4.5 * 3600_000, 0.00001);
  near(Date.parse(zoomed.get("to")), now - 3 * 3600_000, 0.00001);
  await until(async () => (await drawn(tab))[0].length < 100, "the zoomed range is drawn");
  await tab.page.getByLabel("Back to the range before").click();
  await until(async () => (await drawn(tab))[0].length > 300, "the whole range is drawn again");
  await tab.close();
});

test("a table has labels as columns and sorts", async () => {
  const tab = await open({ q: "sum by (code, method) (http_requests_total)", view: "table" });
  const table = tab.page.locator(".result-table");
  await table.locator("tbody tr").nth(5).waitFor();
  assert.deepEqual(await table.locator("th").allInnerTexts(), ["code", "method", "value"]);
  const { result } = await ask("/api/v1/query", {
    query: "sum by (code, method) (http_requests_total)",
    time: now / 1000,
  });
  const cells = async () => {
    const texts = await table.locator("tbody td").allInnerTexts();
    return Array.from({ length: texts.length / 3 }, (_, i) => texts.slice(3 * i, 3 * i + 3));
  };
  assert.deepEqual(
    await cells(),
    result.map(({ metric, value }) => [metric.code, metric.method, value[1]]),
  );
  await table.getByRole("button", { name: "value" }).click();
  const values = (await cells()).map(([, , value]) => Number(value));
  assert.deepEqual(
    values,
    [...values].sort((a, b) => b - a),
  );
  await tab.checkAccessible();
  await tab.screenshot("metrics-table");
  await tab.close();
});

test("a heat map colours the buckets of native and classic histograms", async () => {
  const queries = ["rate(checkout_duration_seconds[5m])", "sum by (le) (rate(rpc_duration_seconds_bucket[5m]))"];
  const tab = await open({ q: queries, view: "heat", exemplars: "1" }, { theme: "dark", height: 1100 });
  await tab.page.locator(".chart-host").nth(1).waitFor();
  for (const n of [0, 1]) {
    const strongest = await tab.page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("span"));
      probe.style.color = "var(--heat-6)";
      return getComputedStyle(probe).color;
    });
    assert.ok((await pixelsOf(tab, strongest, n)) > 20, "the fullest bucket has the strongest colour");
  }
  // Below the middle of the first graph lies a bucket; what it says is what the server counted.
  const { result } = await ask("/api/v1/query_range", {
    query: queries[0],
    start: (now - 3 * 3600_000) / 1000,
    end: (now - 3 * 3600_000) / 1000,
    step: 60,
  });
  const fullest = result[0].histograms[0][1].buckets.reduce((a, b) => (Number(b[3]) > Number(a[3]) ? b : a));
  const row = await tab.page
    .locator(".chart-host")
    .first()
    .evaluate((element) => [element.plot.scales.y.min, element.plot.scales.y.max]);
  assert.ok(row[1] > 10, "a row for every bucket");
  const tips = [];
  for (let y = 0.02; y < 1; y += 0.02) {
    const place = await spot(tab, 0.4995, y);
    await tab.page.mouse.move(place.x, place.y);
    await tab.page.waitForTimeout(40);
    tips.push(
      await tab.page
        .locator(".chart-tip")
        .first()
        .innerText()
        .catch(() => ""),
    );
  }
  const counts = tips.map((tip) => Number(tip.split("\n")[1])).filter(Number.isFinite);
  near(Math.max(...counts), Number(fullest[3]), 0.15);
  await tab.checkAccessible();
  await tab.screenshot("metrics-heat-map");
  await tab.close();
});

test("exemplars are dots that say their trace", async () => {
  const tab = await open({ q: "histogram_quantile(0.5, rate(checkout_duration_seconds[5m]))", exemplars: "1" });
  await rows(tab).first().waitFor();
  const series = await ask("/api/v1/query_exemplars", {
    query: "checkout_duration_seconds",
    start: (now - 4 * 3600_000) / 1000,
    end: now / 1000,
  });
  const { timestamp, value, labels } = series[0].exemplars[3];
  const box = await tab.page.locator(".u-over").boundingBox();
  const [left, top] = await tab.page
    .locator(".chart-host")
    .evaluate(({ plot }, [x, y]) => [plot.valToPos(x, "x"), plot.valToPos(y, "y")], [timestamp, Number(value)]);
  await tab.page.mouse.move(box.x + left, box.y + Math.max(4, top));
  await tab.page.locator(".chart-tip").getByText(labels.trace_id).waitFor();
  await tab.page.mouse.down();
  await tab.page.mouse.up();
  await tab.page.getByRole("link", { name: "Find its log lines" }).click();
  await until(
    async () => (await written(tab)) === `{service_name=~".+"} |= "${labels.trace_id}"`,
    "its trace is looked for in logs",
  );
  await tab.close();
});

test("the editor completes from this server, runs by keyboard, and marks what is wrong", async () => {
  const tab = await browser.open(server, "/ui/metrics");
  await tab.page.locator("h1").click();
  await tab.page.keyboard.press("/");
  await tab.page.keyboard.type("http_req");
  await accept(tab, "http_requests_total");
  assert.equal(await written(tab), "http_requests_total");
  await write(tab, "rate(process_resident_memory_bytes[5m])");
  await tab.page.keyboard.press("Control+Enter");
  await tab.page.locator(".query-note.info").getByText("might not be a counter").waitFor();
  assert.equal(await tab.page.locator(".cm-lintRange-info").innerText(), "process_resident_memory_bytes");
  await write(tab, "sum(up) by");
  await tab.page.keyboard.press("Shift+Enter");
  await tab.page.locator(".query-note.bad").getByText("parse error").waitFor();
  await tab.page.locator(".cm-lintRange-error").waitFor();
  await tab.checkAccessible();
  await tab.close();
});

test("metrics are found by their help, explained, formatted, duplicated and switched off", async () => {
  const tab = await browser.open(server, address("metrics", HOURS));
  await tab.page.keyboard.press("Escape");
  await tab.page.getByRole("button", { name: "Browse" }).click();
  await tab.page.getByLabel("Search metrics").fill("shop answered");
  const found = tab.page.locator(".browser-name");
  await until(async () => (await found.count()) === 1, "one metric is found");
  await found.first().click();
  await tab.page.locator(".browser-labels summary", { hasText: "code" }).click();
  await tab.page.locator(".browser-values").getByRole("button", { name: "404" }).click();
  assert.equal(await written(tab), 'http_requests_total{code="404"}');
  await until(async () => (await rows(tab).count()) === 6, "its six series are drawn");
  await tab.screenshot("metrics-browser");

  await write(tab, "sum by(code)(rate(http_requests_total[5m]))/2");
  await tab.page.getByRole("button", { name: "Format" }).click();
  await until(
    async () => (await written(tab)) === "sum by (code) (rate(http_requests_total[5m])) / 2",
    "it is formatted",
  );
  await tab.page.getByRole("button", { name: "Explain" }).click();
  await until(async () => (await tab.page.locator(".tree .mono").count()) === 5, "a tree");
  assert.deepEqual(await tab.page.locator(".tree .mono").allInnerTexts(), [
    "/",
    "sum by (code)",
    "rate(…)",
    "http_requests_total[5m]",
    "2",
  ]);

  await tab.page.getByLabel("Duplicate query A").click();
  await until(async () => (await rows(tab).count()) === 6, "both queries are drawn");
  await tab.page.getByRole("button", { name: "B", exact: true }).click();
  await until(async () => (await rows(tab).count()) === 3, "one is off");
  assert.deepEqual(new URL(tab.page.url()).searchParams.getAll("off"), [
    "sum by (code) (rate(http_requests_total[5m])) / 2",
  ]);
  await tab.close();
});

test("an address brings everything back", async () => {
  const first = await open({ q: [RATE, "process_resident_memory_bytes"], off: "up", stacked: "1", step: "5m" });
  await rows(first).nth(5).waitFor();
  await rows(first).nth(0).getByRole("button").click();
  await until(async () => /only=/.test(first.page.url()), "the legend is in the address");
  await first.page.getByLabel("Logarithmic").check();
  const url = new URL(first.page.url());
  const look = async (tab) => ({
    data: [await drawn(tab, 0), await drawn(tab, 1)],
    queries: [await written(tab, 0), await written(tab, 1), await written(tab, 2)],
    legend: await tab.page
      .locator(".legend tbody tr")
      .evaluateAll((all) => all.map((row) => [row.innerText, row.dataset.off])),
    checks: await tab.page.locator(".explore-options input").evaluateAll((all) => all.map(({ checked }) => checked)),
  });
  const second = await browser.open(server, url.pathname + url.search);
  await rows(second).nth(5).waitFor();
  assert.deepEqual(await look(second), await look(first));
  await first.close();
  await second.close();
});

test("a running query stops, here and on the server", async () => {
  const slow = "sum(max_over_time(stddev_over_time(rate(http_requests_total[5m])[1h:1s])[2h:5s]))";
  const active = async () =>
    (await (await server.ask("/api/v1/status/active_queries")).json()).data.filter(({ query }) =>
      query.includes("stddev_over_time"),
    );
  const tab = await open({ q: slow });
  await until(async () => (await active()).length === 1, "it runs on the server");
  await tab.page.getByRole("button", { name: "Stop" }).click();
  await tab.page.getByText("Stopped.").waitFor();
  await until(async () => (await active()).length === 0, "the server stops it", 2000);
  await tab.close();
});

test("fifty thousand points are drawn and answer to the pointer within 100 ms", async () => {
  const times = Array.from({ length: 1000 }, (_, i) => now - (1000 - i) * 15_000);
  const lines = Array.from({ length: 50 }, (_, s) =>
    JSON.stringify({
      metric: { __name__: "busy", worker: String(s) },
      values: times.map((_, i) => Math.sin(i / 50 + s) + s / 10),
      timestamps: times,
    }),
  );
  await server.ask("/api/v1/import", { method: "POST", body: lines.join("\n") });
  const tab = await browser.open(
    server,
    address("metrics", { q: "busy", from: iso(times[0]), to: iso(times.at(-1)), step: "15s" }),
  );
  await rows(tab).nth(49).waitFor();
  const columns = (await drawn(tab)).slice(1);
  assert.equal(columns.flat().filter((value) => value !== null).length, 50_000);

  const redraw = await least(5, () =>
    tab.page.evaluate(async () => {
      const { plot } = document.querySelector(".chart-host");
      const began = performance.now();
      plot.redraw(true, true);
      await new Promise((done) => queueMicrotask(done));
      return performance.now() - began;
    }),
  );
  const name = rows(tab).first().getByRole("button");
  const alone = await least(4, async () => {
    const took = await tab.timeToDraw(() => name.click(), ".legend tbody tr:nth-child(2)[data-off]");
    await name.click();
    await until(async () => (await tab.page.locator(".legend tr[data-off]").count()) === 0, "all are back");
    return took;
  });
  const place = await spot(tab, 0.3, 0.5);
  const pointer = await least(5, (i) =>
    tab.page.evaluate(
      async ([x, y]) => {
        const over = document.querySelector(".u-over");
        const began = performance.now();
        over.dispatchEvent(new MouseEvent("mousemove", { clientX: x, clientY: y, bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return performance.now() - began;
      },
      [place.x + 20 * i, place.y],
    ),
  );
  console.log(
    `50,000 points: redraw ${redraw.toFixed(1)} ms, legend ${alone.toFixed(1)} ms, pointer ${pointer.toFixed(1)} ms`,
  );
  assert.ok(redraw < 100 && alone < 100 && pointer < 100);
  await tab.close();
});
