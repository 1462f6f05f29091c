export { type Exchange, Exchanges, getRoute, getStatus } from './exchanges.js';
export { type FormFile, getFormFile, setFormFile } from './form-file.js';
export {
  getPath,
  getRawRequest,
  getRawResponse,
  getRoutePath,
  type HttpRequest,
  type HttpResponse,
  isExpress,
} from './http-messages.js';
export { findRequestId, getRequestId } from './request-id.js';
export { getRemarks, remark, type RequestRemarks } from './request-remarks.js';
export { type RouteKind, getRouteKind } from './route-kind.js';
