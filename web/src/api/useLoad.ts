// Data of a page: loaded, loaded again, given up.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { isAbort, type RequestError } from "./request";

export interface Loaded<T> {
  value: T | undefined; // Of the last success: stays while the next one is on its way.
  error: RequestError | Error | undefined; // Of the last attempt.
  loading: boolean;
  at: number; // Milliseconds since 1970 of the last success.
  reload: () => void;
  stop: () => void; // Gives up what is on its way; the server stops working on it.
}

// Calls `load` at first and whenever a dependency changes; a load that is still on its way is given
// up then, and when the component goes. With `everySeconds` again and again, while the tab is seen.
export function useLoad<T>(
  load: (signal: AbortSignal) => Promise<T>,
  dependencies: readonly unknown[],
  everySeconds = 0,
): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: Error; loading: boolean; at: number }>({
    loading: true,
    at: 0,
  });
  const running = useRef<AbortController>();
  const loadRef = useRef(load);
  loadRef.current = load;

  const stop = useCallback(() => {
    running.current?.abort();
    setState((old) => ({ ...old, loading: false }));
  }, []);

  const reload = useCallback(() => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState((old) => ({ ...old, loading: true }));
    loadRef.current(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ value, loading: false, at: Date.now() });
      },
      (error: Error) => {
        if (controller.signal.aborted || isAbort(error)) return;
        setState((old) => ({ ...old, error, loading: false }));
      },
    );
  }, []);

  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, dependencies);

  useEffect(() => {
    if (!everySeconds) return;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everySeconds * 1000);
    return () => clearInterval(timer);
  }, [everySeconds, reload]);

  return { value: state.value, error: state.error, loading: state.loading, at: state.at, reload, stop };
}
