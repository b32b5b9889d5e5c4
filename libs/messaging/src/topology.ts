/** The queues of the path of an event. Frames of several events or deliveries travel through them as one message. */
export const QUEUES = { events: 'bellhop.events', deliveries: 'bellhop.deliveries' } as const;
export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];

/** Topic exchange for applications that publish events straight to RabbitMQ; any routing key arrives. */
export const EVENTS_EXCHANGE = 'bellhop.events';

/** Where a message goes that nobody can work on, with `DEAD_LETTER_REASON` saying why. */
export const DEAD_LETTERS = 'bellhop.dead-letters';
export const DEAD_LETTER_REASON = 'bellhop-reason';
export const DEAD_LETTER_QUEUE = 'bellhop-queue';
