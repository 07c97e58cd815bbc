import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Server, until } from "./server.mjs";

const secrets = { reader: "reader-secret-0123456789", admin: "admin-secret-0123456789" };

function key(id, permissions, more = "") {
  const digest = createHash("sha256").update(secrets[id]).digest("hex");
  return `{id: ${id}, sha256: ${digest}, permissions: [${permissions}]${more}}`;
}

function configuration(keys) {
  return `tenants:
- name: shop
  keys: [${keys}]
- name: bank
  keys: [${key("admin", "read, write, admin")}]
`;
}

const reader = key("reader", "read, write", ", read_tenants: [bank]");

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([
    Server.start({ files: { "config.yaml": configuration(reader) } }),
    Browser.start(),
  ]);
  await server.importText("only_in_shop 1\n", { "X-Api-Key": secrets.reader });
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

async function logIn(tab, secret) {
  await tab.page.getByLabel("Key", { exact: true }).fill(secret);
  await tab.page.keyboard.press("Enter");
}

test("the page asks for a key, refuses a wrong one, and goes where one wanted to go", async () => {
  const tab = await browser.open(server, "/ui/status?view=limits");
  await tab.page.getByRole("heading", { name: "Log in" }).waitFor();
  await tab.checkAccessible();
  await tab.screenshot("login");
  await logIn(tab, "wrong");
  await tab.page.getByText("This key is not known here.").waitFor();
  await logIn(tab, secrets.reader);
  await tab.page.getByRole("heading", { name: "Limits of shop" }).waitFor();
  assert.equal(new URL(tab.page.url()).search, "?view=limits");
  await tab.close();
});

test("the key is nowhere in the browser, and the cookie out of reach", async () => {
  const tab = await browser.open(server, "/ui/status");
  await logIn(tab, secrets.reader);
  await tab.page.getByRole("button", { name: "Log out" }).waitFor();
  const seen = await tab.page.evaluate(() => [
    document.cookie,
    JSON.stringify({ ...localStorage, ...sessionStorage }),
    document.documentElement.outerHTML,
    location.href,
  ]);
  assert.equal(seen[0], "");
  for (const text of seen) assert.ok(!text.includes(secrets.reader));
  const [cookie] = await tab.context.cookies();
  assert.ok(cookie.httpOnly);
  assert.equal(cookie.sameSite, "Strict");
  assert.ok(!cookie.value.includes(secrets.reader));
  await tab.close();
});

test("a reader is told what needs an administrator", async () => {
  const tab = await browser.open(server, "/ui/status");
  await logIn(tab, secrets.reader);
  await tab.page.getByText("own metrics need a key with the permission admin").waitFor();
  await tab.page.getByRole("button", { name: "Configuration" }).click();
  await tab.page.getByText("shown to keys with the permission admin").waitFor();
  await tab.close();
});

test("another tenant can be looked at where the key may", async () => {
  const tab = await browser.open(server, "/ui/status?view=limits");
  await logIn(tab, secrets.reader);
  const choice = tab.page.getByLabel("Tenant");
  await choice.waitFor();
  assert.deepEqual(await choice.locator("option").allInnerTexts(), ["shop", "bank", "shop|bank"]);
  const asked = tab.page.waitForRequest((request) => request.headers()["x-scope-orgid"] === "bank");
  await choice.selectOption("bank");
  await asked;
  await tab.close();
});

test("logging out ends the session", async () => {
  const tab = await browser.open(server, "/ui/status");
  await logIn(tab, secrets.admin);
  await tab.page.getByRole("region", { name: "Process" }).waitFor();
  const cookies = await tab.context.cookies();
  await tab.page.getByRole("button", { name: "Log out" }).click();
  await tab.page.getByRole("heading", { name: "Log in" }).waitFor();
  assert.deepEqual(await tab.context.cookies(), []);
  await tab.context.addCookies(cookies);
  await tab.page.reload();
  await tab.page.getByRole("heading", { name: "Log in" }).waitFor();
  await tab.close();
});

test("a revoked key's session ends within five seconds, and the page asks again", async () => {
  const tab = await browser.open(server, "/ui/targets");
  await logIn(tab, secrets.reader);
  await tab.page.getByRole("heading", { name: "Targets" }).waitFor();
  await writeFile(join(server.directory, "config.yaml"), configuration(""));
  server.process.kill("SIGHUP");
  const began = Date.now();
  await until(async () => {
    await tab.page.reload();
    return tab.page.getByRole("heading", { name: "Log in" }).isVisible();
  }, "the login is asked for", 5000);
  assert.ok(Date.now() - began < 6000);
  await tab.close();
});
