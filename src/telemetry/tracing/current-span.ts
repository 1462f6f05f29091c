import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { type Context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';

/** The span that the running code belongs to. */
@Injectable()
export class CurrentSpan {
  readonly store = new AsyncLocalStorage<Span | undefined>();

  /** For a span below it; undefined: there is none, or it isn't sampled, and so nothing below it is. */
  context(): Context | undefined {
    return getContext(this.store.getStore());
  }
}

export function getContext(span: Span | undefined): Context | undefined {
  return span?.isRecording() === true ? trace.setSpan(ROOT_CONTEXT, span) : undefined;
}
