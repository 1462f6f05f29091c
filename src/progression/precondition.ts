/** Agent versions in a request; `*` matches any version. */
export type Versions = '*' | readonly number[];

/** Condition on the agent's version, with the semantics of If-Match and If-None-Match in HTTP. */
export interface Precondition {
  /** The agent must have one of these versions. */
  match?: Versions | undefined;
  /** The agent must have none of these versions; `*`: the agent must not exist. */
  noneMatch?: Versions | undefined;
}

/** Whether the precondition holds. `version` is null if the agent does not exist. */
export function holds({ match, noneMatch }: Precondition, version: number | null): boolean {
  return (match === undefined || isOneOf(match, version)) && (noneMatch === undefined || !isOneOf(noneMatch, version));
}

function isOneOf(versions: Versions, version: number | null): boolean {
  return version !== null && (versions === '*' || versions.includes(version));
}
