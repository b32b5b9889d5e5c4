export { AmqpBroker, type AmqpBrokerOptions } from './amqp/amqp.broker.js';
export { BrokerUnavailableError } from './broker-unavailable.error.js';
export { type DeadLetter, MemoryBroker, type MemoryBrokerOptions } from './memory/memory.broker.js';
export {
  type BrokerMessage,
  type ConsumeOptions,
  type Consumer,
  type Disposition,
  MessageBroker,
  type MessageContent,
  type MessageHandler,
} from './message-broker.js';
export { MessagingModule } from './messaging.module.js';
export type { RedeliveryPolicy } from './redelivery.js';
export { DEAD_LETTER_REASON, DEAD_LETTERS, EVENTS_EXCHANGE, type QueueName, QUEUES } from './topology.js';
