// Light, dark, or what the system says. The choice is this browser's and kept in it.

export type Theme = "system" | "light" | "dark";
export const themes: readonly Theme[] = ["system", "light", "dark"];

const stored = "tidegate-theme";
const listeners = new Set<() => void>();
const systemDark = matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const value = localStorage.getItem(stored);
  return value === "light" || value === "dark" ? value : "system";
}

export function setTheme(next: Theme): void {
  localStorage.setItem(stored, next);
  applyTheme();
}

// Called once before anything is drawn.
export function applyTheme(): void {
  const choice = theme();
  document.documentElement.style.colorScheme = choice === "system" ? "light dark" : choice;
  for (const listener of listeners) listener();
}

export function isDark(): boolean {
  const choice = theme();
  return choice === "dark" || (choice === "system" && systemDark.matches);
}

// What is drawn on a canvas is drawn again when the colours change. Returns how to stop.
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

systemDark.addEventListener("change", () => {
  for (const listener of listeners) listener();
});

// The colour of a token ("--series-1") as canvases take it: a custom property itself would read
// "light-dark(...)".
export function colorOf(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
