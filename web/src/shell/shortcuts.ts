// Keys that do something: one table that the help dialog shows and one listener.
import { useEffect } from "preact/hooks";

export interface Shortcut {
  keys: string; // "r", "?", "Ctrl+Enter", or two after each other: "g s".
  does: string; // For the help dialog.
  run: () => void;
}

const shortcuts = new Set<Shortcut>();
let pending = "";
let pendingSince = 0;

export function knownShortcuts(): Shortcut[] {
  return [...shortcuts];
}

// In force while the calling component is shown. `run` may change between drawings.
export function useShortcut(keys: string, does: string, run: () => void): void {
  useEffect(() => {
    const shortcut = { keys, does, run };
    shortcuts.add(shortcut);
    return () => void shortcuts.delete(shortcut);
  }, [keys, does, run]);
}

// "Ctrl+Enter" for a key press; Command counts as Ctrl.
export function pressed(event: KeyboardEvent): string {
  const modifiers = (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "");
  return modifiers + event.key;
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function find(keys: string): Shortcut | undefined {
  return [...shortcuts].findLast((shortcut) => shortcut.keys === keys);
}

function listen(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = pressed(event);
  if (isTyping(event) && !key.startsWith("Ctrl+")) return;
  if (document.querySelector("dialog[open]") && key !== "Escape") return;
  const now = performance.now();
  const sequence = pending && now - pendingSince < 1500 ? `${pending} ${key}` : key;
  const found = find(sequence) ?? find(key);
  pending = found ? "" : key;
  pendingSince = now;
  if (!found) return;
  event.preventDefault();
  found.run();
}

export function startShortcuts(): void {
  document.addEventListener("keydown", listen);
}
