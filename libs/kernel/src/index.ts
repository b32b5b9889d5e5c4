export { AppError, type AppErrorOptions, type ErrorKind, type FieldError } from './app-error.js';
export { Fifo } from './fifo.js';
export { DEFAULT_TENANT_ID, fromTypeId, ID_PREFIX, type IdPrefix, newId, toTypeId } from './ids.js';
export { isoTime } from './iso-time.js';
export { jsonStringEnd } from './json-string-end.js';
export { decodeCursor, encodeCursor, type Page, pageOf } from './page.js';
export { RoundLoop } from './round-loop.js';
export { SingleFlight } from './single-flight.js';
export { WakeSignal } from './wake-signal.js';
