import { coresInUseByOthers } from '../other-programs.js';
import { median } from '../sample.js';
import type { Request } from './requests.js';
import type { ServedLedger } from './served-ledger.js';

/**
 * How often each request is carried out before it is measured: code is compiled, plans are made, pages are read. More
 * often than a history has entries, so that writes find it full in both ledgers.
 */
const WARM_UPS = 100;

/** Times of a request with one of the ledgers. */
export interface Timing {
  events: number;
  /** Median, in milliseconds. */
  p50: number;
  /** Each, in milliseconds. */
  times: number[];
}

export interface MeasuredRequest {
  request: Request;
  /** With the smaller ledger first. */
  timings: Timing[];
  /** How many times as long it takes with the larger ledger, by the medians. */
  ratio: number;
  /** Cores that other programs kept busy just before. */
  coresInUseByOthers: number;
}

/** @param times how often each request is measured with each ledger */
export async function measureAll(
  requests: readonly Request[],
  ledgers: readonly ServedLedger[],
  times: number,
  log: (message: string) => void,
): Promise<MeasuredRequest[]> {
  const measured: MeasuredRequest[] = [];
  for (const request of requests) {
    const others = await coresInUseByOthers();
    await timings(request, ledgers, WARM_UPS);
    const timed = await timings(request, ledgers, times);
    const [small = NaN, large = NaN] = timed.map(({ p50 }) => p50);
    measured.push({ request, timings: timed, ratio: large / small, coresInUseByOthers: others });
    log(`${request}: ${small.toFixed(2)} and ${large.toFixed(2)} ms (others: ${others.toFixed(1)} cores)`);
  }
  return measured;
}

/** The ledgers take turns, request by request, so that whatever else the machine does hits all alike. */
async function timings(request: Request, ledgers: readonly ServedLedger[], times: number): Promise<Timing[]> {
  const taken = ledgers.map(({ events, time }) => ({ events, time, times: [] as number[] }));
  for (let turn = 0; turn < times; turn++) {
    for (const ledger of taken) ledger.times.push(await ledger.time(request));
  }
  return taken.map(({ events, times }) => ({ events, p50: median(times), times }));
}
