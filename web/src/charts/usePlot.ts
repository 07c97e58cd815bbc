// uPlot in a component: made, resized, filled and taken away.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export type BuildOptions = (width: number) => uPlot.Options;

/**
 * Draws into the element of the returned reference. A new `build` makes a new plot; new data alone only fills it.
 * The plot hangs at its element as `plot`, where tests read what was drawn.
 */
export function usePlot(build: BuildOptions, data: uPlot.AlignedData) {
  const host = useRef<HTMLDivElement & { plot?: uPlot }>(null);
  const plot = useRef<uPlot>();
  const latest = useRef(data);
  latest.current = data;

  useLayoutEffect(() => {
    const element = host.current!;
    const made = new uPlot(build(Math.max(200, element.clientWidth)), latest.current, element);
    plot.current = made;
    element.plot = made;
    return () => {
      made.destroy();
      plot.current = undefined;
      element.plot = undefined;
    };
  }, [build]);

  useLayoutEffect(() => {
    if (plot.current && plot.current.data !== data) plot.current.setData(data);
  }, [data]);

  useEffect(() => {
    const element = host.current!;
    const observer = new ResizeObserver(() => {
      const width = Math.max(200, element.clientWidth);
      const current = plot.current;
      if (current && current.width !== width) current.setSize({ width, height: current.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { host, plot };
}
