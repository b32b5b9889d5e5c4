import { type DynamicModule, Module } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { AmqpBroker } from './amqp/amqp.broker.js';
import { MemoryBroker } from './memory/memory.broker.js';
import { MessageBroker } from './message-broker.js';

/** Makes the `MessageBroker` of the mode injectable everywhere: RabbitMQ where `AMQP_URL` is set, else memory. */
@Module({})
export class MessagingModule {
  static forRoot(): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [{ provide: MessageBroker, inject: [AppConfig], useFactory: brokerFor }],
      exports: [MessageBroker],
    };
  }
}

function brokerFor(config: AppConfig): MessageBroker {
  return config.amqp.url === null ? new MemoryBroker() : new AmqpBroker({ url: config.amqp.url });
}
