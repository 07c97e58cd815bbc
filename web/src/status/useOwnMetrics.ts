// The server's own metrics, every few seconds, with what was seen before: rates are between two looks.
import { useEffect, useRef } from "preact/hooks";
import { ownMetricsText } from "../api/status";
import { useLoad, type Loaded } from "../api/useLoad";
import { OwnMetrics, rate, readExposition } from "./exposition";

const everySeconds = 3;
const remembered = 100; // Looks.

export class OwnHistory {
  constructor(readonly looks: readonly OwnMetrics[]) {}

  get now(): OwnMetrics {
    return this.looks.at(-1)!;
  }

  rate(name: string): number | undefined {
    return rate(this.now, this.looks.at(-2), name);
  }

  // One value for each look but the first.
  rates(name: string): number[] {
    return this.looks.slice(1).map((look, index) => rate(look, this.looks[index], name) ?? 0);
  }

  values(name: string): number[] {
    return this.looks.map((look) => look.sum(name) ?? 0);
  }
}

export function useOwnMetrics(): Loaded<OwnHistory> {
  const looks = useRef<OwnMetrics[]>([]);
  useEffect(() => () => void (looks.current = []), []);
  return useLoad(
    async (signal) => {
      const metrics = new OwnMetrics(readExposition(await ownMetricsText(signal)), Date.now());
      looks.current = [...looks.current, metrics].slice(-remembered);
      return new OwnHistory(looks.current);
    },
    [],
    everySeconds,
  );
}
