import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trendsQuery } from '../../api/queries.js';
import { formatInteger, formatPercent } from '../../format/numbers.js';
import { formatDate, formatShortTime } from '../../format/times.js';
import { Chart, type ChartSeries } from '../../ui/chart.js';
import { Empty, Segmented, Skeleton } from '../../ui/parts.js';
import { useParam } from '../../ui/use-param.js';
import { ValueTable } from '../../ui/value-table.js';

const BUCKETS = [
  ['day', '30 days'],
  ['hour', '48 hours'],
] as const;
type Bucket = (typeof BUCKETS)[number][0];
const RANGE = [0, 1] as const;
const BAND = [0, 1] as const;

const SERIES: readonly ChartSeries[] = [
  { label: 'Interval, high', color: '--series-1', hidden: true },
  { label: 'low', color: '--series-1', hidden: true },
  { label: 'Pass rate', color: '--series-1' },
];

/** Pass rate by day or hour, with its 95 % interval. */
export function PassRateChart({ name }: { name: string }) {
  const [bucket, setBucket] = useParam('bucket', 'day');
  const { data } = useQuery(trendsQuery(name, { bucket }));
  const points = useMemo(() => data?.filter(({ pass_rate }) => pass_rate !== null) ?? [], [data]);
  const times = useMemo(() => points.map(({ starts_at }) => Date.parse(starts_at) / 1_000), [points]);
  const values = useMemo(
    () => [
      points.map((point) => point.pass_rate_interval?.high ?? null),
      points.map((point) => point.pass_rate_interval?.low ?? null),
      points.map(({ pass_rate }) => pass_rate),
    ],
    [points],
  );
  const formatTime = bucket === 'hour' ? formatShortTime : formatDate;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Pass rate over time</h2>
        <Segmented label="Range" value={bucket as Bucket} options={BUCKETS} onChange={setBucket} />
      </div>
      {!data && <Skeleton lines={6} />}
      {data && points.length === 0 && <Empty title="No test in this range" />}
      {points.length > 0 && (
        <>
          <Chart
            label={`Pass rate of ${name} over time`}
            times={times}
            values={values}
            series={SERIES}
            band={BAND}
            range={RANGE}
            format={formatPercent}
          />
          <p className="muted chart-note">The band is the 95 % interval. Times of the tests, in buckets of UTC.</p>
          <ValueTable
            columns={['Time', 'Pass rate', 'Interval', 'Tests']}
            rows={[...points]
              .reverse()
              .map(({ starts_at, pass_rate, pass_rate_interval, tests }) => [
                formatTime(starts_at),
                formatPercent(pass_rate),
                `${formatPercent(pass_rate_interval?.low ?? null)}–${formatPercent(pass_rate_interval?.high ?? null)}`,
                formatInteger(tests),
              ])}
          />
        </>
      )}
    </section>
  );
}
