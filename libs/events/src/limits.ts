/** Bytes of one event's `data`. Receivers of 256 KiB and less are common; larger things belong behind a link. */
export const MAX_EVENT_BYTES = 256 * 1024;
/** Events of one batch call. */
export const MAX_BATCH_EVENTS = 1000;
/** Characters of an event type. */
export const MAX_EVENT_TYPE_LENGTH = 128;
/** Characters of an event's subject. */
export const MAX_SUBJECT_LENGTH = 256;
/** Patterns of one subscription. */
export const MAX_EVENT_TYPES_PER_SUBSCRIPTION = 100;
