// A button that opens a panel below it. Escape, a press elsewhere, or leaving it by Tab closes the panel.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface PopoverProps {
  readonly button: ComponentChildren;
  /** What the panel is about. */
  readonly label: string;
  readonly class?: string;
  /** On which side the panel is flush with the button. */
  readonly side?: "left" | "right";
  children(close: () => void): ComponentChildren;
}

export function Popover(props: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);

  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => {
      if (!event.composedPath().includes(root.current!)) close();
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    close();
    button.current?.focus();
  };

  return (
    <div class="popover" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        class={props.class}
        aria-expanded={open}
        title={props.label}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </button>
      {open && (
        <div class={`popover-panel ${props.side ?? "left"}`} role="dialog" aria-label={props.label}>
          {props.children(close)}
        </div>
      )}
    </div>
  );
}
