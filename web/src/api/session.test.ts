import { expect, test, vi } from "vitest";
import type { Session } from "./session";

vi.stubGlobal("location", { pathname: "/ui/status", search: "" });
vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined });
const { choosableTenants, mayChoose, mayRead } = await import("./session");

const shop: Session = {
  authentication: true,
  authenticated: true,
  trust_org_id: false,
  tenant: "shop",
  key: "k",
  permissions: ["read"],
  read_tenants: ["bank"],
};

test("a key with tenants to read has a choice, all of them together included", () => {
  expect(choosableTenants(shop)).toEqual(["shop", "bank", "shop|bank"]);
  expect(choosableTenants({ ...shop, read_tenants: [] })).toEqual([]);
});

test("a tenant that was chosen with another key is not kept", () => {
  expect(["", "bank", "shop|bank"].map((name) => mayChoose(shop, name))).toEqual([true, true, true]);
  expect(mayChoose(shop, "mine")).toBe(false);
  expect(mayChoose({ authentication: false, authenticated: false, trust_org_id: true }, "mine")).toBe(true);
});

test("without authentication everybody may read", () => {
  expect(mayRead({ authentication: false, authenticated: false, trust_org_id: false })).toBe(true);
  expect(mayRead({ authentication: true, authenticated: false, trust_org_id: false })).toBe(false);
});
