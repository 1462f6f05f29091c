import type { AsyncLocalStorage } from 'node:async_hooks';
import { type Channel, type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Channel subscriptions that end together. */
export class Subscriptions {
  private readonly ends: (() => void)[] = [];

  /** Subscribes to a channel. The listener must not throw: an exception ends the process. */
  to<Message>({ name }: Channel<unknown, Message>, listener: (message: Message) => void): void {
    const onMessage = listener as ChannelListener;
    subscribe(name, onMessage);
    this.ends.push(() => {
      unsubscribe(name, onMessage);
    });
  }

  /** Runs the work observed by a channel with the result of `enter` in the store. `enter` must not throw. */
  within<Message, Store>(
    channel: Channel<unknown, Message>,
    store: AsyncLocalStorage<Store>,
    enter: (message: Message) => Store,
  ): void {
    const bound = channel as unknown as Channel<Store, Message>;
    bound.bindStore(store, enter);
    this.ends.push(() => bound.unbindStore(store));
  }

  end(): void {
    for (const end of this.ends.splice(0)) end();
  }
}
