export { type Exchange, Exchanges, routeOf, statusOf } from './exchanges.js';
export { requestIdOf } from './request-id.js';
export { remark, type RequestRemarks } from './request-remarks.js';
export { type RouteKind, routeKindOf } from './route-kind.js';
