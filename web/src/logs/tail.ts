// A live tail: lines as they come in, in bounded memory, with a pause that loses nothing it has room for.
import type { TailFrame } from "../api/loki";
import type { Labels } from "../api/prometheus";
import { type ApiStream, compareNanos, type LogEntry, toEntries } from "./entries";

export interface TailState {
  readonly status: "connecting" | "open" | "closed";
  /** The newest first. */
  readonly entries: readonly LogEntry[];
  readonly paused: boolean;
  /** Lines that came in since the pause and wait. */
  readonly waiting: number;
  /** Lines that the server says it left out because this client is too slow. */
  readonly dropped: number;
  /** Why it ended, in the server's words. */
  readonly reason: string;
}

/** What of a WebSocket is needed. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  close(): void;
}

export interface TailOptions {
  connect(): Socket;
  onChange(state: TailState): void;
  /** Names of labels of streams: frames have metadata among the labels. */
  readonly labelNames: ReadonlySet<string>;
  /** Lines that are kept: the newest. */
  readonly most: number;
}

/** Belongs to one page. Told at most once per frame of the server, about twice a second. */
export class Tail {
  private state: TailState = { status: "connecting", entries: [], paused: false, waiting: 0, dropped: 0, reason: "" };
  private held: readonly LogEntry[] = [];
  private readonly socket: Socket;

  constructor(private readonly options: TailOptions) {
    this.socket = options.connect();
    this.socket.onopen = () => this.change({ status: "open" });
    this.socket.onmessage = ({ data }) => this.take(JSON.parse(data) as TailFrame);
    this.socket.onclose = ({ reason }) => this.change({ status: "closed", reason });
  }

  pause(): void {
    this.change({ paused: true });
  }

  resume(): void {
    const entries = this.newest([...this.held, ...this.state.entries]);
    this.held = [];
    this.change({ paused: false, waiting: 0, entries });
  }

  close(): void {
    this.socket.onclose = null;
    this.socket.onmessage = null;
    this.socket.close();
  }

  private take({ streams, dropped_entries }: TailFrame): void {
    const fresh = toEntries(
      (streams ?? []).map((stream) => this.separate(stream)),
      "backward",
    );
    const dropped = this.state.dropped + (dropped_entries?.length ?? 0);
    if (this.state.paused) {
      this.held = this.newest([...fresh, ...this.held]);
      return this.change({ dropped, waiting: this.held.length });
    }
    this.change({ dropped, entries: this.newest([...fresh, ...this.state.entries]) });
  }

  // Labels that are not those of the stream are metadata or parsed: filters for them go behind the pipeline.
  private separate({ stream, values }: ApiStream): ApiStream {
    const own: Record<string, string> = {};
    const metadata: Record<string, string> = {};
    for (const [name, value] of Object.entries(stream))
      (this.options.labelNames.has(name) ? own : metadata)[name] = value;
    return {
      stream: own,
      values: values.map(([nanos, line]) => [nanos, line, { structuredMetadata: metadata as Labels }]),
    };
  }

  private newest(entries: readonly LogEntry[]): LogEntry[] {
    const seen = new Set<string>();
    const once = entries.filter(({ id }) => !seen.has(id) && seen.add(id));
    return once.sort((a, b) => compareNanos(b.nanos, a.nanos)).slice(0, this.options.most);
  }

  private change(part: Partial<TailState>): void {
    this.state = { ...this.state, ...part };
    this.options.onChange(this.state);
  }
}
