import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** The application's metrics. Not prom-client's global registry, which applications in one process would share. */
@Injectable()
export class MetricRegistry extends Registry {}
