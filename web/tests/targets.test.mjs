import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Server, until } from "./server.mjs";

let exporter, server, browser;

// A small exporter: one good page, one bad.
function startExporter() {
  const http = createServer((request, response) => {
    if (request.url === "/bad") return response.writeHead(500).end("broken");
    response.writeHead(200, { "Content-Type": "text/plain; version=0.0.4" });
    response.end("# TYPE queue_depth gauge\nqueue_depth 5\n");
  });
  return new Promise((done) => http.listen(0, "127.0.0.1", () => done(http)));
}

before(async () => {
  exporter = await startExporter();
  const address = `127.0.0.1:${exporter.address().port}`;
  const jobs = [
    { job_name: "shop", static_configs: [{ targets: [address], labels: { env: "prod" } }] },
    { job_name: "broken", metrics_path: "/bad", static_configs: [{ targets: [address] }] },
    {
      job_name: "filtered",
      static_configs: [{ targets: ["gone.example:1", address] }],
      relabel_configs: [{ source_labels: ["__address__"], regex: "gone.*", action: "drop" }],
    },
  ];
  const files = {
    "prometheus.yml": JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: jobs }),
    "config.yaml": "scrape_config_files: [{file: prometheus.yml}]",
  };
  [server, browser] = await Promise.all([Server.start({ files }), Browser.start()]);
  await until(async () => {
    const { activeTargets } = await server.data("/api/v1/targets");
    return activeTargets.length === 3 && activeTargets.every(({ health }) => health !== "unknown");
  }, "every target was scraped");
});
after(async () => {
  await browser?.stop();
  await server?.stop();
  exporter?.close();
});

test("each target shows its health, its labels, and why it failed", async () => {
  const tab = await browser.open(server, "/ui/targets");
  const broken = tab.page.locator(".pool", { hasText: "broken" });
  assert.match(await broken.locator("summary").innerText(), /0 of 1 up/);
  assert.equal(await broken.locator("tbody .state").innerText(), "down");
  assert.match(await broken.locator(".error").innerText(), /HTTP status 500 Internal Server Error/);
  const shop = tab.page.locator(".pool", { hasText: "shop" });
  assert.equal(await shop.locator("tbody .state").innerText(), "up");
  assert.match(await shop.locator("tbody tr").innerText(), /env=prod/);
  assert.match(await shop.locator("tbody tr").innerText(), /(now|ago)/);
  assert.equal(await tab.page.locator(".pool").first().locator("h2").innerText(), "broken", "what fails stands first");
  await tab.checkAccessible();
  await tab.screenshot("targets");
  await tab.close();
});

test("state and filter narrow the list, and are in the address", async () => {
  const tab = await browser.open(server, "/ui/targets");
  await tab.page.getByRole("button", { name: /^Up/ }).click();
  await tab.page.locator(".pool", { hasText: "broken" }).waitFor({ state: "detached" });
  assert.deepEqual(await tab.page.locator(".pool h2").allInnerTexts(), ["filtered", "shop"]);
  await tab.page.keyboard.press("/");
  await tab.page.keyboard.type("env=prod");
  await tab.page.locator(".pool", { hasText: "filtered" }).waitFor({ state: "detached" });
  assert.equal(new URL(tab.page.url()).search, "?state=up&filter=env%3Dprod");
  await tab.page.reload();
  await tab.page.locator(".pool").waitFor();
  assert.deepEqual(await tab.page.locator(".pool h2").allInnerTexts(), ["shop"]);
  await tab.page.goBack();
  await tab.page.goForward();
  await tab.close();
});

test("a job is closed and opened by key", async () => {
  const tab = await browser.open(server, "/ui/targets?filter=shop");
  const summary = tab.page.locator(".pool summary");
  await tab.page.locator(".pool tbody tr").waitFor();
  await summary.focus();
  await tab.page.keyboard.press("Enter");
  await tab.page.locator(".pool tbody tr").waitFor({ state: "detached" });
  await tab.page.keyboard.press("Enter");
  await tab.page.locator(".pool tbody tr").waitFor();
  await tab.close();
});

test("dropped targets show what they were before", async () => {
  const tab = await browser.open(server, "/ui/targets?state=dropped");
  const row = tab.page.locator("tbody tr");
  await row.waitFor();
  assert.match(await row.innerText(), /filtered[\s\S]*__address__=gone\.example:1/);
  await tab.close();
});

test("a change is seen without a reload", async () => {
  const tab = await browser.open(server, "/ui/targets?filter=shop");
  const state = tab.page.locator(".pool tbody .state");
  assert.equal(await state.innerText(), "up");
  const first = await tab.page.locator(".page-head .quiet").innerText();
  await until(async () => (await tab.page.locator(".page-head .quiet").innerText()) !== first, "loaded again");
  await tab.close();
});

test("dark is dark", async () => {
  const tab = await browser.open(server, "/ui/targets", { theme: "dark" });
  await tab.page.locator(".pool").first().waitFor();
  const background = await tab.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(background, "rgb(15, 20, 21)");
  await tab.checkAccessible();
  await tab.screenshot("targets-dark");
  await tab.close();
});
