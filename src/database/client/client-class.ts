import type pg from 'pg';

/** A class of clients, to be made from `pg`'s by adding to it. */
export type ClientClass = new (config: pg.ClientConfig) => pg.Client;
