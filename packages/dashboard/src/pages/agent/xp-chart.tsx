import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { eventsQuery } from '../../api/queries.js';
import type { Metrics } from '../../api/types.js';
import { formatCount, formatInteger } from '../../format/numbers.js';
import { formatDateTime } from '../../format/times.js';
import { xpSeries } from '../../format/xp-series.js';
import { Chart, type ChartSeries } from '../../ui/chart.js';
import { Empty, Skeleton } from '../../ui/parts.js';
import { ValueTable } from '../../ui/value-table.js';

/** Number of events from which the series is computed. */
const EVENTS = 1_000;

const SERIES: readonly ChartSeries[] = [
  { label: 'Custody XP', color: '--series-1', stepped: true },
  { label: 'XP', color: '--series-2', stepped: true },
];

/** XP and custody XP after each of the newest events. */
export function XpChart({ name, metrics }: { name: string; metrics: Metrics }) {
  const { data } = useQuery(eventsQuery(name, { limit: EVENTS }));
  const points = useMemo(() => {
    // The events and the values are read by two requests.
    const known = data?.events.filter(({ version }) => version <= metrics.version) ?? [];
    return xpSeries(known, metrics.xp, metrics.custody_xp);
  }, [data, metrics]);
  const times = useMemo(() => points.map(({ time }) => time), [points]);
  const values = useMemo(() => [points.map(({ custody_xp }) => custody_xp), points.map(({ xp }) => xp)], [points]);
  return (
    <section className="panel">
      <h2>XP over time</h2>
      {!data && <Skeleton lines={6} />}
      {data && points.length < 2 && <Empty title="Not enough events yet" />}
      {points.length >= 2 && (
        <>
          <Chart
            label={`XP of ${name} over time`}
            times={times}
            values={values}
            series={SERIES}
            format={formatInteger}
          />
          <p className="muted chart-note">By the times of the newest {formatCount(points.length, 'event')}.</p>
          <ValueTable
            columns={['Time', 'Custody XP', 'XP']}
            rows={points
              .slice(-50)
              .reverse()
              .map(({ time, custody_xp, xp }) => [
                formatDateTime(new Date(time * 1_000).toISOString()),
                formatInteger(custody_xp),
                formatInteger(xp),
              ])}
          />
        </>
      )}
    </section>
  );
}
