export { ApiMapOf } from './api-map-of.decorator.js';
export { ApiNullable } from './api-nullable.decorator.js';
export { parseRequest, tryParse } from './request-body.js';
export { RequestPipe } from './request.pipe.js';
export {
  ApiJsonDocument,
  IsAnyJson,
  IsDecimalNumber,
  IsJsonDocument,
  IsListOfJson,
  IsListOfObjects,
  IsText,
  IsTimestamp,
  IsWholeNumber,
  MayBeLeftOut,
  MayBeNull,
} from './validators.js';
export { withoutNulls } from './without-nulls.js';
