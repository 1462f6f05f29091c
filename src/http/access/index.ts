export { getRouteAccess, Public, RequiresScope, type RouteAccess } from './access.decorator.js';
export { type Caller, getCaller, includesScope, type Scope, SCOPES, setCaller } from './caller.js';
