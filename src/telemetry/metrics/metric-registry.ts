import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** Metric registry of one application. Applications in one process would share the global registry of prom-client. */
@Injectable()
export class MetricRegistry extends Registry {}
