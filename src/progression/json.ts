/** A JSON object whose fields aren't known here. */
export type JsonObject = Record<string, unknown>;
