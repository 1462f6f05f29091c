import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';

/** Data of the parameter, by which RequestPipe recognises it. */
export const JSON_BODY = Symbol('JSON body');

const Body = createParamDecorator(
  (_: typeof JSON_BODY, context: ExecutionContext): unknown =>
    context.switchToHttp().getRequest<{ body: unknown }>().body,
);

/**
 * Handler parameter: the body, parsed as the class of the parameter. Unlike `@Body()`, it is no body for the
 * ValidationPipe of a host, which could remove unknown fields or convert values before RequestPipe refuses them.
 */
export function JsonBody(): ParameterDecorator {
  return (target, method, index) => {
    const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
    if (method === undefined || !descriptor) throw new Error('@JsonBody() is for parameters of methods');
    Body(JSON_BODY)(target, method, index);
    const type = (Reflect.getMetadata('design:paramtypes', target, method) as Type[])[index];
    if (type) ApiBody({ type })(target, method, descriptor);
  };
}
