import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AgentAccess } from '../../common/index.js';
import { getCallerAgents } from './caller.js';

/** Handler parameter: the agents that the caller may read and write. For routes with `@ConcernsAgents('visible')`. */
export const CallerAgents = createParamDecorator((_: unknown, context: ExecutionContext): AgentAccess =>
  getCallerAgents(context.switchToHttp().getRequest<object>()),
);
