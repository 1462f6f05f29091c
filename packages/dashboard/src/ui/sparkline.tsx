import type { TestEntry } from '../api/types.js';
import { formatCount, formatInteger } from '../format/numbers.js';

const WIDTH = 240;
const HEIGHT = 44;
const MARGIN = 4;
const SHOWN = 40;

/** Scores of the newest tests: a line, with a mark for each failed test, and for a single one. */
export function Sparkline({ tests }: { tests: readonly TestEntry[] }) {
  const shown = tests.filter(({ score }) => typeof score === 'number').slice(-SHOWN);
  const last = shown.at(-1);
  if (last === undefined) return <p className="sparkline-empty">No test yet</p>;
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, shown.length - 1);
  const points = shown.map(({ score, passed }, index) => ({
    x: shown.length === 1 ? WIDTH / 2 : MARGIN + index * step,
    y: HEIGHT - MARGIN - (score / 100) * (HEIGHT - 2 * MARGIN),
    passed,
  }));
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const end = points.at(-1);
  const failed = shown.filter(({ passed }) => !passed).length;
  const label = `Scores of the last ${formatCount(shown.length, 'test')}: newest ${formatInteger(last.score)}, ${formatInteger(failed)} failed`;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <title>{label}</title>
      <polygon className="sparkline-area" points={`${points[0]?.x ?? 0},${HEIGHT} ${line} ${end?.x ?? 0},${HEIGHT}`} />
      <polyline className="sparkline-line" points={line} vectorEffect="non-scaling-stroke" />
      {points.map(({ x, y, passed }, index) =>
        passed && points.length > 1 ? null : (
          <path
            key={index}
            className={passed ? 'sparkline-passed' : 'sparkline-failed'}
            d={`M${x} ${y}h.01`}
            vectorEffect="non-scaling-stroke"
          />
        ),
      )}
    </svg>
  );
}
