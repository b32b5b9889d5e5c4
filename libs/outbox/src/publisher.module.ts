import { type DynamicModule, Module } from '@nestjs/common';
import { knownOutboxSchema } from './outbox-schemas.js';
import { Publisher } from './publisher.js';
import { RecordingPublisher } from './recording-publisher.js';

export interface PublisherOptions {
  /** The PostgreSQL schema of the application; its table `outbox_message` takes the events. */
  readonly schema: string;
}

/** All that an application needs to publish: import it, inject `Publisher`, call `publish(tx, event)`. */
@Module({})
export class PublisherModule {
  static forRoot({ schema }: PublisherOptions): DynamicModule {
    const publisher = new Publisher(knownOutboxSchema(schema));
    return {
      module: PublisherModule,
      providers: [{ provide: Publisher, useValue: publisher }],
      exports: [Publisher],
    };
  }

  /** For tests: `app.get(RecordingPublisher).published` lists what was published. */
  static forTesting(): DynamicModule {
    return {
      module: PublisherModule,
      providers: [RecordingPublisher, { provide: Publisher, useExisting: RecordingPublisher }],
      exports: [Publisher, RecordingPublisher],
    };
  }
}
