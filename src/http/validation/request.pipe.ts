import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { parseRequest, type RequestClass } from './request-body.js';

/** Parses bodies and queries whose parameter has a DTO type. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || metatype === Object || metatype === String || (type !== 'body' && type !== 'query')) return value;
    return parseRequest(metatype as RequestClass<object>, value, type);
  }
}
