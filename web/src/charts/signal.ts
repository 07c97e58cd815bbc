// A value that changes often, such as what the pointer is at: whoever shows it listens, and nothing else is drawn anew.
import { useEffect, useState } from "preact/hooks";

export class Signal<T> {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (value === this.current) return;
    this.current = value;
    for (const listener of [...this.listeners]) listener(value);
  }

  /** Returns how to stop. */
  listen(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

/** At most one drawing a frame, however often the value changes. */
export function useSignal<T>(signal: Signal<T>): T {
  const [value, setValue] = useState(signal.value);
  useEffect(() => {
    let frame = 0;
    setValue(signal.value);
    const stop = signal.listen(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setValue(signal.value);
      });
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [signal]);
  return value;
}
