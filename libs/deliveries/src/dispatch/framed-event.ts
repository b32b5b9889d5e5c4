import type { BellhopEvent } from '#libs/events';
import { type FramedEvent, INLINE_BYTES } from './delivery-frame.js';

/** The event as it travels to a dispatcher: a large payload stays behind. */
export function framedEvent(event: BellhopEvent): FramedEvent {
  return event.data.length <= INLINE_BYTES ? event : { ...event, data: null };
}
