import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Server, until } from "./server.mjs";

let server, browser, pusher;
before(async () => {
  const files = { "config.yaml": "limits: {max_series: 40}\n" };
  [server, browser] = await Promise.all([Server.start({ files, flags: ["--maintenance_interval=1s"] }), Browser.start()]);
  const push = () => server.importText(Array.from({ length: 25 }, (_, i) => `load{i="${i}"} ${i}\n`).join(""));
  await push();
  pusher = setInterval(() => push().catch(() => undefined), 500);
  // One of the 40 series is the stream of logs.
  await server.pushLogs({ app: "shop" }, [[Date.now(), "paid order 7"]]);
  await server.ask("/-/flush", { method: "POST" });
  await server.ask(`/loki/api/v1/delete?query=${encodeURIComponent('{app="shop"} |= "order"')}&start=1700000000`, { method: "POST" });
});
after(async () => {
  clearInterval(pusher);
  await browser?.stop();
  await server?.stop();
});

function card(tab, name) {
  return tab.page.getByRole("region", { name });
}

test("figures of the process move", async () => {
  const tab = await browser.open(server, "/ui/status");
  assert.match(await tab.page.locator(".version").innerText(), /^tidegate \d+\.\d+\.\d+$/);
  assert.equal(await tab.page.locator(".page-head .state").innerText(), "ready");
  await until(async () => /--target=all[\s\S]*Memory\s+[\d.]+ MiB/.test(await card(tab, "Process").innerText()), "the process' memory");
  await until(async () => /Series\s+26\b/.test(await card(tab, "Unsealed").innerText()), "series and stream of the pushes");
  await until(async () => {
    const [, rate] = /Samples\s+([\d.]+)\/s/.exec(await card(tab, "Coming in").innerText()) ?? [];
    return rate > 10;
  }, "the rate of samples, two looks later");
  await until(async () => /Segments\s+[1-9]/.test(await card(tab, "Sealed, on disk").innerText()), "the segment of the flush", 60_000);
  await tab.page.locator(".spark").first().waitFor();
  await tab.checkAccessible();
  await tab.screenshot("status");
  await tab.close();
});

test("limits show how much of them is in use, the fullest first", async () => {
  const tab = await browser.open(server, "/ui/status?view=limits");
  const first = tab.page.locator("tbody tr").first();
  await first.waitFor();
  assert.match(await first.innerText(), /max_series\s+40\s+26/);
  assert.equal(await first.getByRole("meter").getAttribute("aria-valuenow"), "65");
  await tab.page.keyboard.press("/");
  await tab.page.keyboard.type("query_bytes");
  await until(async () => (await tab.page.locator("tbody tr").count()) === 2, "the filter");
  await tab.checkAccessible();
  await tab.close();
});

test("long work is told: deletions, sealing, the costliest queries", async () => {
  await server.ask("/api/v1/query?query=count_over_time(vector(1)[20h:1s])");
  const tab = await browser.open(server, "/ui/status?view=work");
  const deletions = tab.page.getByRole("region", { name: "Deletions of log entries" });
  await deletions.locator("tbody tr").waitFor();
  assert.match(await deletions.innerText(), /hidden[\s\S]*\{app="shop"\} \|= "order"[\s\S]*2023-11-14/);
  const background = tab.page.getByRole("region", { name: "In the background" });
  await background.locator("tbody tr").first().waitFor();
  assert.match(await background.innerText(), /Sealing\s+[\d.]+ [KM]?i?B of log wait\s+(once|\d+ times), [\d.]+m?s each/);
  const costly = tab.page.getByRole("region", { name: "Costliest queries" });
  await costly.locator("tbody tr").first().waitFor();
  assert.match(await costly.innerText(), /1 ×\s+count_over_time/);
  await tab.checkAccessible();
  await tab.screenshot("status-work");
  await tab.close();
});

test("flags and the configuration in force", async () => {
  const tab = await browser.open(server, "/ui/status?view=flags&filter=cut_interval", { theme: "dark" });
  const row = tab.page.locator("tbody tr");
  await row.waitFor();
  assert.match(await row.innerText(), /--head_cut_interval\s+30m/);
  await tab.page.getByRole("button", { name: "Configuration" }).click();
  await until(async () => /max_series: 40/.test(await tab.page.locator("pre").innerText()), "the configuration");
  await tab.checkAccessible();
  await tab.page.getByRole("button", { name: "Overview" }).click();
  await until(async () => (await tab.page.locator(".spark").count()) > 3, "lines");
  await tab.checkAccessible();
  await tab.screenshot("status-dark");
  await tab.close();
});
