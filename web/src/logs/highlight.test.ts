import { describe, expect, it } from "vitest";
import { searchedIn, segmentsOf } from "./highlight";

const marked = (query: string, line: string) =>
  segmentsOf(line, searchedIn(query))
    .map(({ text, marked: is }) => (is ? `[${text}]` : text))
    .join("");

describe("marks in lines", () => {
  it.each([
    ['{a="b"} |= "paid"', "order paid", "order [paid]"],
    ['{a="b"} |= "a.b"', "a.b axb", "[a.b] axb"],
    ['{a="b"} |~ "ord(er|re)"', "order", "[order]"],
    ['{a="b"} |~ `(?i)ERR` |= "x"', "err x", "[err] [x]"],
    ['{a="b"} != "paid"', "order paid", "order paid"],
    ['{a="b"} |= "say \\"x\\""', 'say "x"', '[say "x"]'],
    ['{a="b"} |~ "(?P<x>a)"', "a", "a"],
    ['{a="b"}', "plain", "plain"],
    ['{a="b"} |= ""', "plain", "plain"],
  ])("%s", (query, line, want) => expect(marked(query, line)).toBe(want));
});
