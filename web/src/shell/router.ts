// Which page is shown and its state, both in the address: .../ui/PAGE?NAME=VALUE. An address can be
// shared and reloaded; it never holds a key.
import { useEffect, useState } from "preact/hooks";

export interface Place {
  readonly page: string;
  readonly params: URLSearchParams;
}

// Everything in front of "ui/": the root of the server's own paths, behind whatever proxy.
export const serverRoot = rootOf(location.pathname);

const listeners = new Set<() => void>();
let current = read();

export function rootOf(pathname: string): string {
  const end = pathname.lastIndexOf("/ui/");
  return end < 0 ? "/" : pathname.slice(0, end + 1);
}

function read(): Place {
  const page = location.pathname.slice(serverRoot.length).replace(/^ui\//, "");
  return { page: decodeURIComponent(page), params: new URLSearchParams(location.search) };
}

export function place(): Place {
  return current;
}

// The address of a page, for href. Parameters that are empty are left out.
export function pageHref(page: string, params: Record<string, string> | URLSearchParams = {}): string {
  const entries = params instanceof URLSearchParams ? [...params] : Object.entries(params);
  const query = new URLSearchParams(entries.filter(([, value]) => value !== "")).toString();
  return `${serverRoot}ui/${page}${query ? `?${query}` : ""}`;
}

// Goes there. `replace` keeps one entry in the history for what is typed or dragged.
export function go(href: string, options: { replace?: boolean } = {}): void {
  if (href === location.pathname + location.search) return;
  if (options.replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  arrive();
}

function arrive(): void {
  current = read();
  for (const listener of [...listeners]) listener();
}

export function usePlace(): Place {
  const [, draw] = useState(current);
  useEffect(() => {
    const listener = () => draw(current);
    listeners.add(listener);
    listener(); // The place may have changed between drawing and now.
    return () => void listeners.delete(listener);
  }, []);
  return current;
}

// Changes some parameters of this page's address; "" or undefined takes one out.
export function setParams(
  changes: Record<string, string | undefined>,
  options: { replace?: boolean } = {},
): void {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  go(pageHref(current.page, params), options);
}

// One parameter as a piece of state. A value equal to the fallback is not written out.
export function useParam(
  name: string,
  fallback = "",
): [string, (value: string, options?: { replace?: boolean }) => void] {
  const { params } = usePlace();
  const set = (value: string, options?: { replace?: boolean }) =>
    setParams({ [name]: value === fallback ? undefined : value }, options);
  return [params.get(name) ?? fallback, set];
}

// Links to pages are followed without loading anything anew; all others as usual.
function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a");
  if (!link || link.target || link.hasAttribute("download")) return;
  const to = new URL(link.href, location.href);
  if (to.origin !== location.origin || !to.pathname.startsWith(`${serverRoot}ui/`)) return;
  if (to.hash) return;
  event.preventDefault();
  go(to.pathname + to.search);
}

export function startRouter(): void {
  addEventListener("popstate", arrive);
  document.addEventListener("click", follow);
}
