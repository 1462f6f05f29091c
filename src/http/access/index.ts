export { Public, RequiresScope } from './access.decorator.js';
export { type Caller, includesScope, type Scope, SCOPES } from './caller.js';
