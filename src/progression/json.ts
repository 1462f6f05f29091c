/** A JSON object with arbitrary fields. */
export type JsonObject = Record<string, unknown>;
