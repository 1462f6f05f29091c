import { Injectable, Optional } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import { getCaller, includesScope } from '../http/access/index.js';
import type { HttpRequest } from '../http/exchange/index.js';
import { Callers } from './callers.js';
import { parseCredential } from './credential.js';

/** Checks the callers of responses that last long, whose keys may expire or be revoked meanwhile. */
@Injectable()
export class StillAllowed {
  constructor(@Optional() private readonly callers?: Callers) {}

  /**
   * Whether the request would still be allowed to read the same agents. If the database or the token issuer is unavailable, or
   * the access is decided by a host, the earlier decision remains.
   */
  async check(request: HttpRequest): Promise<boolean> {
    const { callers } = this;
    if (!callers) return true;
    const credential = parseCredential(request.headers);
    const earlier = getCaller(request) ?? null;
    try {
      if (credential === null || earlier === null) {
        return earlier !== null || (await callers.allowsAnonymous(request.headers.host));
      }
      const caller = await callers.identify(credential);
      if (caller?.name !== earlier.name) return false;
      const patterns = (agents: unknown) => JSON.stringify((agents as { patterns?: unknown } | null)?.patterns ?? null);
      return includesScope(caller.scope, 'read') && patterns(caller.agents) === patterns(earlier.agents);
    } catch (error) {
      return error instanceof DomainError && error.code !== 'unauthenticated';
    }
  }
}
