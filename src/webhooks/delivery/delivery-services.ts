import { Inject, Injectable } from '@nestjs/common';
import { PastAgents } from '../../agent-metrics/index.js';
import { Clock } from '../../common/index.js';
import { CustodyService } from '../../custody/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import { AgentFeed } from '../../feed/index.js';
import { Lapses } from '../messages/lapses.js';
import { WEBHOOK_SETTINGS, type WebhookSettings } from '../options.js';
import { WebhookSender } from './sender.js';

/** The services that deliveries use. */
@Injectable()
export class DeliveryServices {
  constructor(
    readonly feed: AgentFeed,
    readonly custody: CustodyService,
    readonly past: PastAgents,
    readonly lapses: Lapses,
    readonly sender: WebhookSender,
    readonly transactions: TransactionRunner,
    readonly clock: Clock,
    @Inject(WEBHOOK_SETTINGS) readonly settings: WebhookSettings,
  ) {}
}
