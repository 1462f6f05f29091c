import { Injectable } from '@nestjs/common';

/** Injectable clock, replaceable in tests. */
@Injectable()
export class Clock {
  /** Returns the current time. */
  now(): Date {
    return new Date();
  }
}
