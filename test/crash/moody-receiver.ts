import {
  type Reaction,
  type ReceivedMessage,
  startReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';

/** Share of the messages that are not accepted. */
const FAILING = 0.04;
const FAILURES: readonly Reaction[] = [
  500,
  503,
  404,
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 307, headers: { location: 'http://127.0.0.1:9/' } },
  'hang',
  'die',
];

/** A receiver that fails at random in every way, and that can be started again at the same address. */
export class MoodyReceiver {
  /** All messages in the order of their arrival, with the time of the arrival. */
  readonly received: (ReceivedMessage & { at: number })[] = [];

  private constructor(private receiver: WebhookReceiver) {
    this.receiver.react = this.react;
  }

  static async start(): Promise<MoodyReceiver> {
    return new MoodyReceiver(await startReceiver());
  }

  get url(): string {
    return this.receiver.url;
  }

  get accepted(): ReceivedMessage[] {
    return this.received.filter(({ accepted }) => accepted);
  }

  /** Longest time since then without any message. */
  longestPause(since: number): number {
    const times = [since, ...this.received.map(({ at }) => at).filter((at) => at > since)];
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
  }

  async restart(pauseMs: number): Promise<void> {
    const { port } = new URL(this.url);
    await this.receiver.close();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    this.receiver = await startReceiver(Number(port));
    this.receiver.react = this.react;
  }

  async close(): Promise<void> {
    await this.receiver.close();
  }

  private readonly react = (message: ReceivedMessage): Reaction => {
    this.received.push(Object.assign(message, { at: Date.now() }));
    if (Math.random() >= FAILING) return 204;
    return FAILURES[Math.floor(Math.random() * FAILURES.length)] ?? 500;
  };
}
