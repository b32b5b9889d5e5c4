import type { ConsumeMessage } from 'amqplib';
import { QUEUES, MemoryBroker } from '#libs/messaging';
import { AmqpBroker } from '../../../libs/messaging/src/amqp/amqp.broker.js';
import { AmqpSession } from '../../../libs/messaging/src/amqp/amqp.session.js';
import { Connection } from '../../../libs/outbound-http/src/connection.js';
import { Exchange } from '../../../libs/outbound-http/src/exchange.js';
import { reached } from './crash-plan.js';
import { wrapStatements } from './statements.js';
import { around, whenDone } from './wrap.js';

/**
 * Loaded before a built application (`node --import`), and by nobody else: it puts the crash points around the
 * product's own methods, so that the product knows nothing of them. docs/adr/0014 says why.
 */
wrapStatements();

for (const broker of [AmqpBroker, MemoryBroker]) {
  around(broker.prototype, 'publish', (publish, args) => {
    const published = publish(...args);
    if (args[0] !== QUEUES.events) return published;
    // Two turns of the loop: amqplib hands its frames to the socket in the next one.
    setImmediate(() => setImmediate(() => reached('relay_published')));
    return whenDone(published, () => reached('relay_confirmed'));
  });
}

around(Connection.prototype, 'send', (send, args) => {
  send(...args);
  reached('request_sent');
});
around(Exchange.prototype, 'onHead', (onHead, args) => {
  reached('headers_received');
  return onHead(...args);
});
around(Exchange.prototype, 'onComplete', (onComplete, args) => {
  reached('body_read');
  return onComplete(...args);
});

// With RabbitMQ the acknowledgement itself, in memory the moment at which a message is done. Of deliveries alone: those
// of events are sent while the first request for them may be on its way.
const withDeliveries = new WeakSet<object>();
around(AmqpSession.prototype, 'began', (began, args, session) => {
  const [{ fields }] = args as [ConsumeMessage];
  if (fields.routingKey.endsWith(QUEUES.deliveries)) withDeliveries.add(session);
  return began(...args);
});
around(AmqpSession.prototype, 'acknowledge', (acknowledge, args, session) => {
  acknowledge(...args);
  if (withDeliveries.has(session)) setImmediate(() => setImmediate(() => reached('ack_sent')));
});
around(MemoryBroker.prototype, 'consume', (consume, [queue, handler, options]) => {
  if (queue !== QUEUES.deliveries) return consume(queue, handler, options);
  const done = (message: unknown): unknown =>
    whenDone((handler as (message: unknown) => Promise<unknown>)(message), () => reached('ack_sent'));
  return consume(queue, done, options);
});
