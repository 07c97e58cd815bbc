import { describe, expect, it, vi } from "vitest";

vi.mock("./request", () => ({ getJson: vi.fn() }));

import { escapeName, labelValues, queryInstant } from "./prometheus";
import { getJson } from "./request";

describe("escapeName", () => {
  it.each([
    ["job", "job"],
    ["host.name", "U__host_2e_name"],
    ["a_b.c", "U__a__b_2e_c"],
    ["1st", "U___31_st"],
    ["U__x", "U__U____x"],
    ["größe", "U__gr_f6__df_e"],
  ])("%s", (name, escaped) => expect(escapeName(name)).toBe(escaped));
});

describe("requests", () => {
  it("send expressions in the body", async () => {
    vi.mocked(getJson).mockResolvedValueOnce({ data: { resultType: "vector", result: [] }, infos: ["i"] });
    const { signal } = new AbortController();
    const answer = await queryInstant("up", 5, signal);
    expect(getJson).toHaveBeenLastCalledWith("api/v1/query", {
      method: "POST",
      params: { query: "up", time: 5, stats: "all" },
      signal,
    });
    expect(answer).toMatchObject({ infos: ["i"], warnings: [] });
  });
  it("escape names in paths", async () => {
    vi.mocked(getJson).mockResolvedValueOnce({ data: ["a"] });
    expect(await labelValues("host.name", { match: ["up"] })).toEqual(["a"]);
    expect(vi.mocked(getJson).mock.lastCall![0]).toBe("api/v1/label/U__host_2e_name/values");
  });
});
