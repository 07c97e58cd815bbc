import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { address, written } from "./explore.mjs";
import { Server, until } from "./server.mjs";

const DAY = 86_400_000;
const day = (ms) => new Date(ms).toISOString().slice(0, 10);

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const series = (name, count, at) =>
    Array.from({ length: count }, (_, i) => `${name}{job="shop",pod="p${i}"} 1 ${at}\n`).join("");
  const now = Date.now();
  // The same time of each day, so that no sample falls onto a neighbouring one.
  await server.importText(series("exploded", 60, now) + series("calm", 20, now));
  await server.importText(series("exploded", 10, now - DAY) + series("calm", 20, now - DAY));
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

const table = (tab, name) => tab.page.getByRole("region", { name, exact: true });
const cells = (tab, name) => table(tab, name).locator("tbody td").allInnerTexts();

test("the largest metrics, labels and values, with their share of all", async () => {
  const tab = await browser.open(server, "/ui/cardinality");
  await table(tab, "Series by metric").getByText("exploded").waitFor();
  assert.deepEqual(await cells(tab, "Series by metric"), ["exploded", "60", "75.0 %", "calm", "20", "25.0 %"]);
  assert.deepEqual((await cells(tab, "Values by label")).slice(0, 2), ["pod", "60"]);
  assert.deepEqual((await cells(tab, "Series by label and value")).slice(0, 3), ["job=shop", "80", "100.0 %"]);
  const widths = await table(tab, "Series by metric")
    .locator(".counts-bar span")
    .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  assert.ok(Math.abs(widths[0] / widths[1] - 3) < 0.1, "bars are as long as their share");
  await tab.checkAccessible();
  await tab.screenshot("cardinality");
  await tab.close();
});

test("a day is compared with the day before", async () => {
  const tab = await browser.open(server, address("cardinality", { day: day(Date.now()) }), { theme: "dark" });
  await table(tab, "Series by metric").getByText("exploded").waitFor();
  assert.deepEqual(await cells(tab, "Series by metric"), [
    "exploded",
    "60",
    "75.0 %",
    "+50",
    "calm",
    "20",
    "25.0 %",
    "±0",
  ]);
  assert.match(await tab.page.locator(".counts-overview").innerText(), /\+50/);
  await tab.checkAccessible();
  await tab.close();
});

test("clicks go deeper: a focus label, one of its values, a metric in the metrics page", async () => {
  const tab = await browser.open(server, "/ui/cardinality");
  await table(tab, "Values by label").getByRole("button", { name: "job" }).click();
  await table(tab, "Series by job").getByRole("button", { name: "shop" }).click();
  await until(
    async () => new URL(tab.page.url()).searchParams.get("match") === '{job="shop"}',
    "the series are narrowed down",
  );
  assert.equal(new URL(tab.page.url()).searchParams.get("focus"), "job");
  await table(tab, "Series by metric").getByRole("button", { name: "exploded" }).click();
  await until(async () => tab.page.url().includes("/ui/metrics"), "the metrics page");
  assert.equal(await written(tab), "count(exploded)");
  await tab.close();
});
