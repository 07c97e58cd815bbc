// The state of a page that is in its address, with drafts: what is typed counts at once for the page, and goes into the
// address when it is run, so that the history has one entry per thing that was looked at.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { go, pageHref, usePlace } from "./router";

export interface UrlCodec<S> {
  readonly page: string;
  read(params: URLSearchParams): S;
  write(state: S): URLSearchParams;
  /** What of the state before stays when the address changes (by Back, or a link). */
  keep?(next: S, old: S): S;
}

export interface UrlState<S> {
  readonly state: S;
  /** What the address says: what was run last. */
  readonly committed: S;
  /** Changes the page alone. */
  edit(change: (state: S) => S): void;
  /** Changes the page and its address. */
  commit(change: (state: S) => S, options?: { replace?: boolean }): void;
}

export function useUrlState<S>(codec: UrlCodec<S>): UrlState<S> {
  const { params } = usePlace();
  const [state, setState] = useState(() => codec.read(params));
  const [committed, setCommitted] = useState(state);
  const latest = useRef(state);
  latest.current = state;
  const written = useRef(params.toString());

  useEffect(() => {
    if (params.toString() === written.current) return;
    written.current = params.toString();
    const read = codec.read(params);
    const next = codec.keep?.(read, latest.current) ?? read;
    setState(next);
    setCommitted(next);
  }, [params]);

  const edit = useCallback((change: (state: S) => S) => {
    latest.current = change(latest.current);
    setState(latest.current);
  }, []);

  const commit = useCallback((change: (state: S) => S, options?: { replace?: boolean }) => {
    edit(change);
    const next = codec.write(latest.current);
    written.current = next.toString();
    setCommitted(latest.current);
    go(pageHref(codec.page, next), options);
  }, []);

  return { state, committed, edit, commit };
}
