// Which series of a chart are drawn. Names of single ones are kept, never of all others: there may be thousands.

export interface Visible {
  /** Where it names series of a chart, only those of them are drawn. */
  readonly only: readonly string[];
  readonly hidden: readonly string[];
}

export const ALL_VISIBLE: Visible = { only: [], hidden: [] };

/** Tells of each series of a chart whether it is drawn. What other charts have is none of its business. */
export function shownOf(names: readonly string[], { only, hidden }: Visible): boolean[] {
  const chosen = new Set(only);
  const off = new Set(hidden);
  const alone = names.some((name) => chosen.has(name));
  return names.map((name) => (alone ? chosen.has(name) : !off.has(name)));
}

/**
 * After a click on a series in the legend of `names`. `alone`: all others go, or come back when it was alone. Otherwise
 * it is switched, among those that were chosen or among all.
 */
export function afterClick(names: readonly string[], visible: Visible, name: string, alone: boolean): Visible {
  const own = new Set(names);
  const chosen = visible.only.filter((each) => own.has(each));
  const others = visible.only.filter((each) => !own.has(each));
  if (alone) return { ...visible, only: chosen.length === 1 && chosen[0] === name ? others : [...others, name] };
  if (chosen.length > 0) return { ...visible, only: [...others, ...switched(chosen, name)] };
  return { ...visible, hidden: switched(visible.hidden, name) };
}

function switched(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
}
