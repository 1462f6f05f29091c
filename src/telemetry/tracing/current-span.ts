import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { type Context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';

/** The span of the running code. */
@Injectable()
export class CurrentSpan {
  readonly store = new AsyncLocalStorage<Span | undefined>();

  /** Context for a child span; undefined if there is no current span or it is not sampled. */
  context(): Context | undefined {
    return getContext(this.store.getStore());
  }
}

export function getContext(span: Span | undefined): Context | undefined {
  return span?.isRecording() === true ? trace.setSpan(ROOT_CONTEXT, span) : undefined;
}
