import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { parseRequest, type RequestClass } from './request-body.js';

/** Reads the bodies and queries of all routes whose parameter is typed with a DTO. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || metatype === Object || metatype === String || (type !== 'body' && type !== 'query')) return value;
    return parseRequest(metatype as RequestClass<object>, value, type);
  }
}
