/** Says why the database server that was started here is away, while it is. */
export type Outage = () => string | undefined;

export const OUTAGE = Symbol('Outage');
