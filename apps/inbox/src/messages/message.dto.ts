import type { Message } from './message.entity.js';

/** A message as JSON shows it; the payload is parsed where it is JSON, else it is its text. */
export interface MessageDto extends Omit<Message, 'payload' | 'receivedAt' | 'processedAt'> {
  readonly payload: unknown;
  readonly receivedAt: string;
  readonly processedAt: string | null;
}

export function toMessageDto(message: Message): MessageDto {
  const { id, type, status, failure, receivedCount, receivedAt, processedAt } = message;
  return {
    id,
    type,
    status,
    failure,
    receivedCount,
    receivedAt: receivedAt.toISOString(),
    processedAt: processedAt?.toISOString() ?? null,
    payload: parsedOrText(message.payload),
  };
}

export function parsedOrText(payload: Buffer): unknown {
  const text = payload.toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
