export type { BellhopEvent, NewEvent } from './event.js';
export { isEventTypeName, isEventTypeWildcard, matchesEventType } from './event-type.js';
export { decodeFrame, encodeFrame, type Frame, FrameError } from './frame.js';
export {
  entryCreated,
  entryDeleted,
  GUESTBOOK_EVENT_TYPES,
  type GuestbookEntry,
} from './guestbook-events.js';
export {
  MAX_BATCH_EVENTS,
  MAX_EVENT_BYTES,
  MAX_EVENT_TYPE_LENGTH,
  MAX_EVENT_TYPES_PER_SUBSCRIPTION,
  MAX_SUBJECT_LENGTH,
} from './limits.js';
export { isUuid } from './uuid.js';
