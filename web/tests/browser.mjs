// A browser under test: Debian's chromium, one page at a time, watched for what must not happen.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
    });
    return browser;
  }

  async stop() {
    await this.chromium.close();
  }

  // A tab of its own (no cookies, nothing stored) on the server. `tab.page` is Playwright's page.
  async open(server, path = "/ui/", { theme = "light", width = 1280, height = 800 } = {}) {
    const context = await this.chromium.newContext({
      viewport: { width, height },
      colorScheme: theme,
      timezoneId: "UTC",
      locale: "en-US",
      reducedMotion: "reduce",
    });
    const tab = new Tab(context, await context.newPage(), server);
    await tab.page.goto(server.origin + path);
    return tab;
  }
}

export class Tab {
  constructor(context, page, server) {
    Object.assign(this, { context, page, server });
    this.faults = [];
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => this.faults.push(`uncaught: ${error}`));
    page.on("console", (message) => {
      // Every failed request is a console error too; the page tells about those itself.
      const text = message.text();
      if (message.type() === "error" && !text.startsWith("Failed to load resource")) this.faults.push(text);
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "blob:" && origin !== server.origin) {
        this.faults.push(`a request left the origin: ${request.url()}`);
      }
    });
  }

  // Closes the tab. Nothing failed in it unseen: no exception, no violation of the content security
  // policy, no request to elsewhere.
  async close() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }

  // Nothing serious by axe.
  async checkAccessible() {
    // As a content script would: the page's own policy allows no foreign script.
    await this.page.evaluate(`${axeSource}; undefined`);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run());
    const grave = violations.filter((found) => ["serious", "critical"].includes(found.impact));
    assert.deepEqual(grave.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" ")}`), []);
  }

  // docs/screenshots/NAME.png, when $SCREENSHOTS is set: they are looked at by people.
  async screenshot(name) {
    if (!process.env.SCREENSHOTS) return;
    await mkdir(screenshots, { recursive: true });
    await this.page.mouse.move(0, 0);
    await this.page.screenshot({ path: `${screenshots}${name}.png` });
  }

  // Milliseconds from before `act` until the browser has drawn what `expected` (a selector) matches.
  async timeToDraw(act, expected) {
    await this.page.evaluate((selector) => {
      globalThis.drawn = new Promise((done) => {
        const look = () => {
          if (document.querySelector(selector)) requestAnimationFrame(() => done(performance.now()));
          else requestAnimationFrame(look);
        };
        addEventListener("pointerdown", () => (globalThis.began = performance.now()), { once: true, capture: true });
        addEventListener("keydown", () => (globalThis.began = performance.now()), { once: true, capture: true });
        look();
      });
    }, expected);
    await act();
    return this.page.evaluate(async () => (await globalThis.drawn) - globalThis.began);
  }
}
