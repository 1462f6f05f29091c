import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../../src/common/clock.js';

/** Sets the clock of an application, which then stands still. */
export function stopClock(app: INestApplicationContext, time: Date): void {
  app.get(Clock, { strict: false }).now = () => time;
}
