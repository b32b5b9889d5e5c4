export { OutboxRelay, RelayOptions } from './outbox.relay.js';
export { removeFromOutbox } from './outbox-rows.query.js';
export { outboxSchemas } from './outbox-schemas.js';
export { type PublishedEvent, Publisher } from './publisher.js';
export { PublisherModule, type PublisherOptions } from './publisher.module.js';
export { type RecordedEvent, RecordingPublisher } from './recording-publisher.js';
export { RelayModule } from './relay.module.js';
