import type pg from 'pg';

/** A client class of `pg`, or a subclass. */
export type ClientClass = new (config: pg.ClientConfig) => pg.Client;
