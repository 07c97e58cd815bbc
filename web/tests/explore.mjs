// What tests of the explore pages do again and again.
import assert from "node:assert/strict";

/** An address of a page; a list repeats its name. */
export function address(page, params) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const each of [value].flat()) query.append(name, each);
  }
  return `/ui/${page}?${query}`;
}

/** Writes into the n-th editor in place of what is there, as somebody would type it. */
export async function write(tab, text, n = 0) {
  await tab.page.locator(".cm-content").nth(n).click();
  await tab.page.keyboard.press("Control+a");
  await tab.page.keyboard.press("Delete");
  // Brackets and quotes close themselves while one types; pasted text stays as it is.
  await tab.page.keyboard.insertText(text);
}

/** Takes what the completion offers. For a moment after it appears it takes no key, so that nobody takes it unseen. */
export async function accept(tab, offer) {
  await tab.page.locator(".cm-tooltip-autocomplete").getByText(offer).first().waitFor();
  await tab.page.waitForTimeout(200);
  await tab.page.keyboard.press("Enter");
}

export async function written(tab, n = 0) {
  return tab.page.locator(".cm-content").nth(n).innerText();
}

/** The columns that the n-th chart draws: times, then one per series. */
export async function drawn(tab, n = 0) {
  const host = tab.page.locator(".chart-host").nth(n);
  await host.locator("canvas").waitFor();
  return host.evaluate((element) => element.plot.data.map((column) => [...column]));
}

/** How many pixels of the n-th chart have (nearly) one of these colours, given as "rgb(r, g, b)". */
export async function pixelsOf(tab, colour, n = 0) {
  const wanted = colour.match(/\d+/g).map(Number);
  return tab.page
    .locator(".chart-host canvas")
    .nth(n)
    .evaluate((canvas, [r, g, b]) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const near = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24;
        if (data[i + 3] > 200 && near) count++;
      }
      return count;
    }, wanted);
}

/** Where in the page a share of the width and height of the n-th chart's plotting area is. */
export async function spot(tab, x, y, n = 0) {
  const box = await tab.page.locator(".u-over").nth(n).boundingBox();
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}

/** The least of several measurements: others run on the machine too, and the page is not slower because of them. */
export async function least(times, measure) {
  const all = [];
  for (let i = 0; i < times; i++) all.push(await measure(i));
  return Math.min(...all);
}

export function near(a, b, tolerance = 1e-9) {
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);
}
