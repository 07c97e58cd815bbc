// What is drawn of range results: series of one unit share a graph.
import { type Dot } from "../charts/dots";
import { type Grid, type GridSpan, toGrid } from "../charts/grid";
import { hasClassicBuckets, type HeatMap, heatOfClassic, heatOfNative } from "../charts/heat";
import type { Unit } from "../charts/units";
import type { Labels, SampleSeries } from "../api/prometheus";
import { commonLabels, seriesName, withoutLabels } from "./labels";
import { dotsOf, type Result } from "./results";
import { type UnitLookup, unitOf } from "./unitOf";

export interface PanelSeries {
  /** Whole: identifies the series. */
  readonly name: string;
  /** What tells it from the others. */
  readonly shortName: string;
  readonly labels: Labels;
}

export interface Panel {
  readonly unit: Unit;
  readonly grid: Grid;
  readonly series: readonly PanelSeries[];
  /** What all series have in common. */
  readonly common: string;
  readonly dots: readonly Dot[];
  /** How many there are; more than `series` where some are left out. */
  readonly total: number;
}

export interface HeatPanel {
  readonly expression: string;
  readonly map: HeatMap;
  /** Of the observed values. */
  readonly unit: Unit;
  readonly step: number;
  readonly dots: readonly Dot[];
  /** How many histograms are added up in it. */
  readonly groups: number;
}

interface Source {
  readonly result: Result;
  readonly unit: Unit;
  readonly matrix: readonly SampleSeries[];
}

function sourcesOf(results: readonly Result[], lookup: UnitLookup): Source[] {
  return results.flatMap((result) => {
    const { data } = result.answer;
    if (data.resultType !== "matrix") return [];
    return [{ result, unit: unitOf(result.query.expression, lookup), matrix: data.result }];
  });
}

/** Graphs in the order in which their units occur; `most` series each. */
export function graphPanels(results: readonly Result[], lookup: UnitLookup, most: number): Panel[] {
  const byUnit = new Map<string, Source[]>();
  for (const source of sourcesOf(results, lookup)) {
    if (!source.matrix.some(({ values }) => values)) continue;
    // Queries that were asked with another step cannot share times.
    const key = `${source.unit} ${JSON.stringify(source.result.grid)}`;
    byUnit.set(key, [...(byUnit.get(key) ?? []), source]);
  }
  return [...byUnit.values()].map((sources) => toPanel(sources, most));
}

/** One graph of one matrix, of whatever language. */
export function panelOf(
  matrix: readonly SampleSeries[],
  grid: GridSpan,
  expression: string,
  unit: Unit,
  most: number,
): Panel {
  const answer = { data: { resultType: "matrix" as const, result: matrix }, warnings: [], infos: [] };
  const result: Result = { query: { id: 0, expression, enabled: true }, answer, grid, exemplars: [] };
  return toPanel([{ result, unit, matrix }], most);
}

function toPanel(sources: readonly Source[], most: number): Panel {
  const all = sources.flatMap(({ matrix, result }) =>
    matrix.filter(({ values }) => values).map((series) => ({ series, result })),
  );
  const drawn = all.slice(0, most);
  const common = commonLabels(drawn.map(({ series }) => series.metric));
  return {
    unit: sources[0]!.unit,
    grid: toGrid(
      drawn.map(({ series }) => series.values ?? []),
      sources[0]!.result.grid as GridSpan,
    ),
    series: drawn.map(({ series, result }) => ({
      ...named(series.metric, common, result.query.expression),
      labels: series.metric,
    })),
    common: Object.keys(common).length > 0 ? seriesName(common) : "",
    dots: dotsOf(sources.flatMap(({ result }) => result.exemplars)),
    total: all.length,
  };
}

// A series without labels, of sum(x) for example, is called by its expression.
function named(metric: Labels, common: Labels, expression: string): { name: string; shortName: string } {
  if (Object.keys(metric).length === 0) return { name: expression, shortName: expression };
  return { name: seriesName(metric), shortName: seriesName(withoutLabels(metric, common)) };
}

export function heatPanels(results: readonly Result[], lookup: UnitLookup): HeatPanel[] {
  return sourcesOf(results, lookup).flatMap(({ result, matrix }) => {
    const native = matrix.some(({ histograms }) => histograms);
    if (!native && !hasClassicBuckets(matrix)) return [];
    return [
      {
        expression: result.query.expression,
        map: native ? heatOfNative(matrix) : heatOfClassic(matrix),
        unit: unitOf(`histogram_quantile(0.5, ${result.query.expression})`, lookup),
        step: result.grid!.step,
        dots: dotsOf(result.exemplars),
        groups: groupsOf(matrix),
      },
    ];
  });
}

// Series of one classic histogram differ in `le` alone.
function groupsOf(matrix: readonly SampleSeries[]): number {
  return new Set(matrix.map(({ metric }) => seriesName(withoutLabels(metric, { le: "" })))).size;
}
