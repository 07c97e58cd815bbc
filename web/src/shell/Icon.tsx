// Small drawings for buttons. They take the colour of the text; the button says in words what it does.

const PATHS = {
  copy: "M5.5 5.5V3h7.5v7.5h-2.5M3 5.5h7.5V13H3z",
  close: "M4 4l8 8M12 4l-8 8",
  left: "M10 3.5L5.5 8l4.5 4.5",
  right: "M6 3.5L10.5 8L6 12.5",
  out: "M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8M10 10l3.5 3.5M5.2 7h3.6",
  back: "M6 3L3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6",
  history: "M3 8a5 5 0 1 0 1.5-3.5L3 6M3 3v3h3M8 5.2V8l2 1.5",
  enter: "M3 8h9M8.5 4.5L12 8l-3.5 3.5",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  only: "M3 4h10M5 8h6M7 12h2",
  around: "M3 4h10M3 8h10M3 12h10M1 8h.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
