export {
  ConcernsAgents,
  getRouteAccess,
  getRouteAgents,
  Public,
  RequiresScope,
  type RouteAccess,
  type RouteAgents,
  StreamsBody,
} from './access.decorator.js';
export { CallerAgents } from './caller-agents.decorator.js';
export { type Caller, getCaller, getCallerAgents, includesScope, type Scope, SCOPES, setCaller } from './caller.js';
