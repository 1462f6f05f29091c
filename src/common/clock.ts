import { Injectable } from '@nestjs/common';

/** Injectable clock, replaceable in tests. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
