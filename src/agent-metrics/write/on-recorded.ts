import type { RecordedChange } from './unit-of-work.js';

/** Called for each recorded change after its COMMIT. */
export type OnRecorded = (change: RecordedChange) => void | Promise<void>;

/** Injection token of the callback; null if there is none. */
export const ON_RECORDED = Symbol('OnRecorded');
