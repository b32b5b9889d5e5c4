export { OUTBOUND_OPTIONS, OutboundHttp, type OutboundOptions } from './outbound-http.js';
export { OutboundHttpModule } from './outbound-http.module.js';
export type {
  OutboundErrorType,
  OutboundFailure,
  OutboundPhase,
  OutboundRequest,
  OutboundResponse,
  OutboundResult,
  OutboundTimings,
  UrlVerdict,
} from './outbound-request.js';
export { type PlatformAnswer, PlatformClient, type PlatformClientOptions } from './platform-client.js';
