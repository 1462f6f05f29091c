import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { NONE } from '../format/numbers.js';
import { formatDate, formatShortTime } from '../format/times.js';
import { useColorsVersion } from './theme.js';

/** How a series is drawn. Constant while the chart is shown. */
export interface ChartSeries {
  label: string;
  /** Name of a custom property with the color. */
  color: string;
  /** Drawn as steps; default: straight lines. */
  stepped?: boolean;
  /** Not drawn itself: the limit of a band. */
  hidden?: boolean;
}

interface ChartProps {
  /** Name for screen readers. */
  label: string;
  /** Unix times in seconds, ascending. */
  times: readonly number[];
  /** Values of each series. */
  values: readonly (readonly (number | null)[])[];
  series: readonly ChartSeries[];
  /** Indices of the upper and lower series of a band. */
  band?: readonly [number, number];
  /** Range of the axis; default: by the data, with 0. */
  range?: readonly [number, number];
  format: (value: number) => string;
}

const HEIGHT = 220;
const AXIS_WIDTH = 60;
const HEADROOM = 1.08;
/** Up to this number of points, each is marked. */
const MARKED_MAX = 60;
const DAYS_SECONDS = 3 * 24 * 60 * 60;
/** Shortest time that is shown: labels are accurate to the minute. */
const SPAN_SECONDS = 60 * 60;
/** Distance of the labels of times, and space for half of the last one, in pixels. */
const LABEL_DISTANCE = 120;
const HALF_LABEL = 56;

const toIso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** Resolves a custom property: a canvas does not know `var` and `light-dark`. */
function resolveColor(element: HTMLElement, property: string): string {
  element.style.color = `var(${property})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

function toOptions(element: HTMLElement, { series, band, range, format }: ChartProps): uPlot.Options {
  const color = (property: string): string => resolveColor(element, property);
  const toSeries = ({ label, color: property, stepped, hidden }: ChartSeries): uPlot.Series => ({
    label,
    stroke: hidden ? 'transparent' : color(property),
    width: hidden ? 0 : 2,
    spanGaps: true,
    points: { show: ({ data }) => !hidden && data[0].length <= MARKED_MAX, size: 5, fill: color(property) },
    value: (_chart, value: number | null) => (value === null ? NONE : format(value)),
    ...(stepped && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
  });
  const fitted: uPlot.Scale.Range = (_chart, min, max) => [Math.min(0, min), max <= 0 ? 1 : max * HEADROOM];
  // By the data: the limits that are given for a single time are years apart.
  const spanned: uPlot.Scale.Range = ({ data: [times] }) => {
    const [first = 0] = times;
    const last = times.at(-1) ?? first;
    const missing = Math.max(0, SPAN_SECONDS - (last - first));
    return [first - missing / 2, last + missing / 2];
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [12, HALF_LABEL, 0, 0],
    cursor: { points: { size: 7 }, drag: { x: false, y: false } },
    scales: { x: { range: spanned }, y: { range: range ? [range[0], range[1]] : fitted } },
    axes: [
      {
        stroke: color('--text-muted'),
        grid: { show: false },
        ticks: { show: false },
        space: LABEL_DISTANCE,
        values: (_chart, splits) => {
          const isLong = (splits.at(-1) ?? 0) - (splits[0] ?? 0) > DAYS_SECONDS;
          return splits.map((split) => (isLong ? formatDate : formatShortTime)(toIso(split)));
        },
      },
      {
        stroke: color('--text-muted'),
        grid: { stroke: color('--line'), width: 1 },
        ticks: { show: false },
        size: AXIS_WIDTH,
        values: (_chart, splits) => splits.map(format),
      },
    ],
    series: [
      { label: 'Time', value: (_chart, time: number | null) => (time === null ? NONE : formatShortTime(toIso(time))) },
      ...series.map(toSeries),
    ],
    bands: band ? [{ series: [band[0] + 1, band[1] + 1], fill: color('--band') }] : [],
  };
}

const toData = ({ times, values }: ChartProps): uPlot.AlignedData =>
  [[...times], ...values.map((column) => [...column])] as uPlot.AlignedData;

/** A line chart over time. A table with the values should be next to it. */
export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const latest = useRef(props);
  const colors = useColorsVersion();
  const { label, times, values, series } = props;
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const drawn = new uPlot(toOptions(element, latest.current), toData(latest.current), element);
    chart.current = drawn;
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) drawn.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      drawn.destroy();
      chart.current = null;
    };
  }, [series, colors]);
  useEffect(() => {
    chart.current?.setData(toData(latest.current));
  }, [times, values]);
  return <div ref={host} className="chart" role="img" aria-label={label} />;
}
