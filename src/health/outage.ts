/** Returns why the embedded database server is unavailable; undefined if it is available. */
export type Outage = () => string | undefined;

export const OUTAGE = Symbol('Outage');
