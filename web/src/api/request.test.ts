import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("location", { pathname: "/prefix/ui/metrics", search: "" });
  vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined });
});

async function withAnswer(status: number, body: string) {
  const fetched = vi.fn(async () => new Response(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return { fetched, ...(await import("./request")) };
}

test("paths are below the prefix that the page has", async () => {
  const { fetched, send } = await withAnswer(200, "{}");
  await send("api/v1/query", { params: { query: "a+b", limit: 5, time: undefined } });
  expect(fetched).toHaveBeenCalledWith("/prefix/api/v1/query?query=a%2Bb&limit=5", expect.anything());
});

test("a POST has its parameters in the body", async () => {
  const { fetched, send } = await withAnswer(200, "{}");
  await send("api/v1/series", { method: "POST", params: { "match[]": ["up", "a"] } });
  const [href, init] = fetched.mock.calls[0] as unknown as [string, RequestInit];
  expect(href).toBe("/prefix/api/v1/series");
  expect(init.body).toBe("match%5B%5D=up&match%5B%5D=a");
});

test("a failure has the server's words and an advice", async () => {
  const { send } = await withAnswer(422, '{"status":"error","errorType":"execution","error":"too many samples"}');
  await expect(send("api/v1/query")).rejects.toMatchObject({
    status: 422,
    message: "too many samples",
    advice: expect.stringContaining("limit"),
  });
});

test("failures are read in every form", async () => {
  const { failureText } = await import("./request");
  expect(failureText('{"error":{"message":"no"}}', 400)).toBe("no");
  expect(failureText("plain\n", 400)).toBe("plain");
  expect(failureText("", 502)).toBe("HTTP status 502");
});

test("401 asks for a login", async () => {
  const { send, whenUnauthorized } = await withAnswer(401, "no key");
  const asked = vi.fn();
  whenUnauthorized(asked);
  await expect(send("api/v1/query")).rejects.toMatchObject({ status: 401 });
  expect(asked).toHaveBeenCalledOnce();
});
