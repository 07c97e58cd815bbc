import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Server, until } from "./server.mjs";

let server, browser;

async function make(path, body) {
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return (await server.ask(`/api/v0/${path}`, init)).json();
}

before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const { id } = await make("hosts", { name: "db1", roleFullnames: ["Blog:db"] });
  await make("monitors", {
    type: "host", name: "load", metric: "loadavg5", duration: 1, operator: ">", warning: 4, critical: 8, scopes: ["Blog:db"],
  });
  await make("monitors", { type: "external", name: "home page", url: "http://127.0.0.1:1/", isMute: true });
  await make("monitors", { type: "query", name: "targets", query: "up == 0", legend: "x", operator: ">", warning: 1, critical: 2 });
  await make("channels", { type: "webhook", name: "ops", url: "http://127.0.0.1:1/hook", events: ["alert"] });
  await make("downtimes", { name: "backup", start: Math.floor(Date.now() / 1000) + 3600, duration: 90 });
  // A monitor is looked at once a minute; the connectivity of a host that never posted is nobody's worry.
  const now = Math.floor(Date.now() / 1000);
  await make("tsdb", [{ hostId: id, name: "loadavg5", time: now, value: 9.5 }]);
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

test("monitors are told in words", async () => {
  const tab = await browser.open(server, "/ui/monitors");
  const load = tab.page.locator("tbody tr", { hasText: "load" });
  const text = await load.innerText();
  assert.match(text, /Host metric\s+loadavg5\s+> 4 warns, > 8 is critical/);
  assert.match(text, /Blog: ?db/);
  assert.match(await tab.page.locator("tbody tr", { hasText: "home page" }).innerText(), /muted[\s\S]*GET http:\/\/127\.0\.0\.1:1\//);
  const query = tab.page.getByRole("link", { name: "up == 0" });
  assert.equal(await query.getAttribute("href"), "/ui/metrics?q=up+%3D%3D+0");
  await tab.checkAccessible();
  await tab.screenshot("monitors");
  await tab.close();
});

test("hosts, channels and downtimes are there", async () => {
  const tab = await browser.open(server, "/ui/monitors?view=hosts");
  assert.match(await tab.page.locator("tbody tr").innerText(), /db1[\s\S]*Blog: db/);
  await tab.page.getByRole("button", { name: "Channels and downtimes" }).click();
  assert.match(await tab.page.getByRole("region", { name: "Channels" }).innerText(), /ops\s+webhook/);
  assert.match(await tab.page.getByRole("region", { name: "Downtimes" }).innerText(), /backup[\s\S]*1h30m, once/);
  assert.equal(new URL(tab.page.url()).search, "?view=telling");
  await tab.checkAccessible();
  await tab.close();
});
