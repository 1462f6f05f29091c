/** Score from which a case counts as passed, if the format does not say whether it did. */
export const DEFAULT_PASS_MARK = 70;

/** Options of reading an evaluation file. */
export interface ReadOptions {
  /** Replaces the identity of the run in formats without one. */
  run?: string | undefined;
  /** Inspect: `NAME` or `NAME.KEY` of the scorer. Default: the first scorer of the log. */
  scorer?: string | undefined;
  /** lm-evaluation-harness: `METRIC` or `METRIC,FILTER`. Default: the first of METRICS that the file has. */
  metric?: string | undefined;
  /** JUnit: `failed` counts `error` elements as failures. Default: `errored`. */
  junitErrors?: 'errored' | 'failed' | undefined;
  /** Score from which Inspect and lm-evaluation-harness cases are passed. */
  passMark?: number | undefined;
  /** Called with the bytes read so far and their total. The total includes all passes over the file. */
  onProgress?: ((read: number, total: number) => void) | undefined;
}
