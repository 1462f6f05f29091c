/** Injection token of the DataSource of the host, whatever its name. */
export const DATA_SOURCE = Symbol('DataSource');
