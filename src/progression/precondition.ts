/** Versions of an agent that a request names; `*`: any. */
export type Versions = '*' | readonly number[];

/** What a request demands of the agent's version, as HTTP's If-Match and If-None-Match do. */
export interface Precondition {
  /** The agent must have one of these versions. */
  match?: Versions | undefined;
  /** The agent must have none of these; `*`: it must not exist. */
  noneMatch?: Versions | undefined;
}

/** Whether the precondition holds for an agent of this version; null: it doesn't exist. */
export function holds({ match, noneMatch }: Precondition, version: number | null): boolean {
  return (match === undefined || isOneOf(match, version)) && (noneMatch === undefined || !isOneOf(noneMatch, version));
}

function isOneOf(versions: Versions, version: number | null): boolean {
  return version !== null && (versions === '*' || versions.includes(version));
}
