import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Server, until } from "./server.mjs";

const group = `
name: availability
interval: 1s
rules:
- record: job:up:count
  expr: count by (job) (up)
- alert: TargetDown
  expr: up == 0
  labels: {severity: page}
  annotations: {summary: "{{ $labels.instance }} is down", runbook_url: "https://example.com/target-down"}
- alert: QueueLong
  expr: queue_depth > 3
  for: 1h
- record: broken
  expr: up * on (job) group_left up
`;

let server, browser, pusher;

async function push() {
  await server.importText(
    'up{job="shop",instance="a"} 0\nup{job="shop",instance="b"} 1\nqueue_depth{job="shop",instance="a"} 12.5\n',
  );
}

before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  await push();
  pusher = setInterval(() => push().catch(() => undefined), 1000);
  await server.addRules("team-a", group);
  await until(async () => {
    const { alerts } = await server.data("/api/v1/alerts");
    return alerts.length === 2 && alerts.some(({ state }) => state === "firing");
  }, "alerts are active");
});
after(async () => {
  clearInterval(pusher);
  await browser?.stop();
  await server?.stop();
});

test("firing alerts show labels, values and annotations", async () => {
  const tab = await browser.open(server, "/ui/rules");
  const down = tab.page.getByRole("region", { name: "TargetDown" });
  const text = await down.innerText();
  assert.match(text, /firing/);
  assert.match(text, /instance=a/);
  assert.match(text, /severity=page/);
  assert.match(text, /a is down/);
  assert.equal(await down.locator("td.mono").innerText(), "0");
  const queue = tab.page.getByRole("region", { name: "QueueLong" });
  assert.match(await queue.innerText(), /pending[\s\S]*12\.5/);
  assert.deepEqual(await tab.page.locator("section h2").allInnerTexts(), ["TargetDown", "QueueLong"]);
  assert.match(await tab.page.getByRole("status").innerText(), /no Alertmanager is configured/);
  await tab.checkAccessible();
  await tab.screenshot("alerts");
  await tab.close();
});

test("an expression leads into Explore", async () => {
  const tab = await browser.open(server, "/ui/rules?state=firing");
  const link = tab.page.getByRole("link", { name: "up == 0" });
  assert.equal(await link.getAttribute("href"), "/ui/metrics?q=up+%3D%3D+0");
  await tab.close();
});

test("rules show their health, and those that fail stand out with the reason", async () => {
  const tab = await browser.open(server, "/ui/rules?view=rules");
  const rows = tab.page.locator("tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 4);
  const failing = tab.page.locator("tr", { hasText: "broken" });
  assert.match(await failing.innerText(), /failing[\s\S]*many-to-many matching not allowed/);
  assert.match(await tab.page.locator("tr", { hasText: "TargetDown" }).innerText(), /1 firing/);
  assert.match(await tab.page.locator("tr", { hasText: "QueueLong" }).innerText(), /pending[\s\S]*for 1h/);
  assert.match(await tab.page.locator("tr", { hasText: "job:up:count" }).innerText(), /^ok/);
  await tab.page.getByRole("button", { name: /^Failing/ }).click();
  await until(async () => (await rows.count()) === 1, "only the failing one is left");
  await tab.checkAccessible();
  await tab.close();
});

test("both views, light and dark", async () => {
  const tab = await browser.open(server, "/ui/rules?view=rules", { theme: "dark" });
  await tab.page.locator("tbody tr").first().waitFor();
  await tab.checkAccessible();
  await tab.screenshot("rules-dark");
  await tab.close();
});
