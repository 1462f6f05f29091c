import { Injectable } from '@nestjs/common';

/** Tells the time, so that tests can. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
