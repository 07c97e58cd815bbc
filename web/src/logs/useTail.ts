// A live tail while a component is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import { logLabels, nanosOf, tailAddress } from "../api/loki";
import { type Socket, Tail, type TailState } from "./tail";

const MOST_LINES = 5000;
const HISTORY = 200;
const BEFORE = 600_000;

export interface LiveTail {
  readonly state: TailState | undefined;
  pause(): void;
  resume(): void;
  /** Connects anew after it ended. */
  again(): void;
}

export function useTail(query: string): LiveTail {
  const [state, setState] = useState<TailState>();
  const [attempt, setAttempt] = useState(0);
  const tail = useRef<Tail>();

  useEffect(() => {
    let given = false;
    const start = nanosOf(Date.now() - BEFORE);
    void namesOfLabels(start).then((labelNames) => {
      if (given) return;
      const connect = () => new WebSocket(tailAddress(query, start, HISTORY)) as unknown as Socket;
      tail.current = new Tail({ connect, onChange: setState, labelNames, most: MOST_LINES });
    });
    return () => {
      given = true;
      tail.current?.close();
      tail.current = undefined;
    };
  }, [query, attempt]);

  return {
    state,
    pause: () => tail.current?.pause(),
    resume: () => tail.current?.resume(),
    again: () => setAttempt((count) => count + 1),
  };
}

// Without it all labels count as metadata: filters for them work too, only slower.
async function namesOfLabels(start: string): Promise<ReadonlySet<string>> {
  const names = await logLabels({ start, end: nanosOf(Date.now()) }).catch(() => []);
  return new Set(names);
}
