export { ApiMap } from './api-map.decorator.js';
export { ApiNullable } from './api-nullable.decorator.js';
export { type ArgumentParser, markParsed, parseArgument } from './argument.js';
export { parseRequest, tryParse } from './request-body.js';
export { JsonBody } from './json-body.decorator.js';
export { RequestPipe } from './request.pipe.js';
export {
  ApiJsonDocument,
  IsAnyJson,
  IsDecimalNumber,
  IsJsonDocument,
  IsListInQuery,
  IsListOfJson,
  IsListOfObjects,
  IsText,
  IsTimestamp,
  IsWholeNumber,
  Omittable,
  OmittableOrNull,
} from './validators.js';
export { omitNulls } from './omit-nulls.js';
