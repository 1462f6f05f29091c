import type { AsyncLocalStorage } from 'node:async_hooks';
import { type Channel, type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What is listened to, until it ends. */
export class Subscriptions {
  private readonly ends: (() => void)[] = [];

  /** Listens to a channel. The listener must not throw: that would end the process. */
  to<Message>({ name }: Channel<unknown, Message>, listener: (message: Message) => void): void {
    const onMessage = listener as ChannelListener;
    subscribe(name, onMessage);
    this.ends.push(() => {
      unsubscribe(name, onMessage);
    });
  }

  /** Work that a channel tells of runs with what `enter` makes of the message in the store. It must not throw either. */
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
