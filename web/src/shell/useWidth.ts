import { useEffect, useState } from "preact/hooks";

/** Of an element, in pixels, in steps of a hundred: a scroll bar that comes and goes changes nothing. */
export function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(Math.max(200, Math.ceil((window.innerWidth - 40) / 100) * 100));
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(200, Math.ceil(entry!.contentRect.width / 100) * 100)),
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
