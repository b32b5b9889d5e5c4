export {
  type FunctionUrlEvent,
  type LambdaAnswer,
  lambdaHandler,
  type RestApiEvent,
} from './adapters/aws-lambda.js';
export {
  type AzureContext,
  azureHandler,
  type AzureRequest,
  type AzureV3Request,
} from './adapters/azure-functions.js';
export { fastifyReceiver } from './adapters/fastify.js';
export { answerNest, type NestReply, type NestRequest } from './adapters/nest.js';
export { nodeListener, type NodeRequest } from './adapters/node-http.js';
export { directoryTarget } from './recipes/directory-target.js';
export { type CursorStore, followCursor, type FollowOptions, type Page } from './recipes/follow-cursor.js';
export {
  mirrorObjects,
  type MirrorOptions,
  type ObjectSource,
  type ObjectTarget,
} from './recipes/mirror-objects.js';
export { type Card, type CardOptions, postCard } from './recipes/post-card.js';
export { runScript, type ScriptOptions } from './recipes/run-script.js';
export { contentOf, type NewEvent, type ReceivedEvent } from './received-event.js';
export { Receiver, type ReceiverOptions } from './receiver.js';
export type { Answer, IncomingRequest } from './request.js';
export type { Reading, Sender } from './sender.js';
export { senders } from './senders/senders.js';
export type { Claim, EventStore, Kept } from './stores/event-store.js';
export { MemoryEventStore, type MemoryLimits } from './stores/memory.event-store.js';
export {
  PostgresEventStore,
  type PostgresStoreOptions,
  type Queryable,
} from './stores/postgres.event-store.js';
export type { StandardKeys } from './verify/standard.js';
export type { Fault, Work, WorkContext } from './worker.js';
