import { beforeEach, describe, expect, it } from "vitest";
import { type Socket, Tail, type TailState } from "./tail";

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  closed = false;
  close(): void {
    this.closed = true;
  }
  frame(...lines: string[]): void {
    const values = lines.map((line, i) => [`179000000000000000${i}`, line]);
    this.onmessage?.({
      data: JSON.stringify({ streams: [{ stream: { app: "shop", detected_level: "warn" }, values }] }),
    });
  }
}

let socket: FakeSocket;
let state: TailState;
let tail: Tail;
const lines = () => state.entries.map(({ line }) => line);

beforeEach(() => {
  socket = new FakeSocket();
  tail = new Tail({ connect: () => socket, onChange: (next) => (state = next), labelNames: new Set(["app"]), most: 3 });
  socket.onopen!();
});

describe("Tail", () => {
  it("has the newest first", () => {
    socket.frame("a", "b");
    expect(lines()).toEqual(["b", "a"]);
    expect(state.status).toBe("open");
  });
  it("keeps a bounded number of lines", () => {
    socket.frame("a", "b", "c", "d", "e");
    expect(lines()).toEqual(["e", "d", "c"]);
  });
  it("shows a line once", () => {
    socket.frame("a", "b");
    socket.frame("a", "b");
    expect(lines()).toEqual(["b", "a"]);
  });
  it("holds lines back while it is paused", () => {
    socket.frame("a");
    tail.pause();
    socket.frame("a", "b", "c");
    expect(lines()).toEqual(["a"]);
    expect(state.waiting).toBe(3);
    tail.resume();
    expect(lines()).toEqual(["c", "b", "a"]);
    expect(state.waiting).toBe(0);
  });
  it("tells labels of the stream from metadata", () => {
    socket.frame("a");
    expect(state.entries[0]).toMatchObject({
      stream: { app: "shop" },
      metadata: { detected_level: "warn" },
      level: "warn",
    });
  });
  it("counts what was left out", () => {
    socket.onmessage!({ data: JSON.stringify({ streams: null, dropped_entries: [{ labels: {}, timestamp: "1" }] }) });
    expect(state.dropped).toBe(1);
  });
  it("says why it ended", () => {
    socket.onclose!({ code: 1011, reason: "too many" });
    expect(state).toMatchObject({ status: "closed", reason: "too many" });
  });
  it("is closed by the page without a word", () => {
    tail.close();
    expect(socket.closed).toBe(true);
    expect(socket.onclose).toBeNull();
  });
});
