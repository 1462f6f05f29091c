import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useColorsVersion } from './theme.js';

export interface ChartSeries {
  label: string;
  /** Name of a custom property with the color. */
  color: string;
  values: readonly (number | null)[];
  /** Drawn as a step; default: straight lines. */
  stepped?: boolean;
  /** Not drawn itself: the limit of a band. */
  hidden?: boolean;
  /** On the right axis. */
  right?: boolean;
}

interface ChartProps {
  /** Name for screen readers. */
  label: string;
  /** Unix times in seconds, ascending. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** Indices of the upper and lower series of a band. */
  band?: readonly [number, number];
  /** Range of the left axis; default: by the data. */
  range?: readonly [number, number];
  format: (value: number) => string;
}

const HEIGHT = 220;
const AXIS_WIDTH = 56;
/** uPlot exports its enum as a type only. */
const RIGHT = 1 as uPlot.Axis.Side;

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A line chart over time. A table with the values should be next to it. */
export function Chart({ label, times, series, band, range, format }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const colors = useColorsVersion();
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const axis = (isRight: boolean): uPlot.Axis => ({
      scale: isRight ? 'y2' : 'y',
      ...(isRight && { side: RIGHT }),
      stroke: color('--text-muted'),
      grid: { show: !isRight, stroke: color('--line'), width: 1 },
      ticks: { show: false },
      size: AXIS_WIDTH,
      values: (_chart, values) => values.map(format),
    });
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        padding: [12, 8, 0, 0],
        cursor: { points: { size: 7 }, drag: { x: false, y: false } },
        legend: { live: true },
        scales: {
          y: range
            ? { range: [...range] as [number, number] }
            : { range: (_chart, min, max) => [Math.min(0, min), max <= 0 ? 1 : max * 1.08] },
          y2: { range: (_chart, _min, max) => [0, (max || 1) * 1.08] },
        },
        axes: [
          { stroke: color('--text-muted'), grid: { show: false }, ticks: { show: false } },
          axis(false),
          ...(series.some(({ right }) => right) ? [axis(true)] : []),
        ],
        series: [
          {},
          ...series.map(({ label: name, color: property, stepped, hidden, right }): uPlot.Series => ({
            label: name,
            scale: right ? 'y2' : 'y',
            stroke: hidden ? 'transparent' : color(property),
            width: hidden ? 0 : 2,
            spanGaps: true,
            points: { show: !hidden && times.length <= 60, size: 5, fill: color(property) },
            value: (_chart, value: number | null) => (value === null ? '–' : format(value)),
            ...(stepped && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
          })),
        ],
        bands: band ? [{ series: [band[0] + 1, band[1] + 1], fill: color('--band') }] : [],
      },
      [[...times], ...series.map(({ values }) => [...values])] as uPlot.AlignedData,
      element,
    );
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [times, series, band, range, format, colors]);
  return <div ref={host} className="chart" role="img" aria-label={label} />;
}
