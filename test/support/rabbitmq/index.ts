export { type RabbitServer, startRabbit, type StartRabbitOptions } from './rabbit-server.js';
