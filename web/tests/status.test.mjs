import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

test("the page says which version runs", async () => {
  const tab = await browser.open(server, "/ui/status");
  assert.match(await tab.page.locator(".page-head").innerText(), /Status\s+tidegate-\d/);
  await tab.checkAccessible();
  await tab.close();
});
