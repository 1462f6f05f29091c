export { type Exchange, Exchanges, getRoute, getStatus } from './exchanges.js';
export { getRequestId } from './request-id.js';
export { remark, type RequestRemarks } from './request-remarks.js';
export { type RouteKind, getRouteKind } from './route-kind.js';
