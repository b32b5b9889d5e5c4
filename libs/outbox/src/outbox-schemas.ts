/**
 * Every schema that holds an `outbox_message` table. The relay empties these and no others, and the names stand in
 * SQL text: a name from a broker message is used only after it was found here.
 */
export const outboxSchemas: readonly string[] = ['guestbook'];

/** The schema, if it is one that the relay empties; an event written anywhere else would wait forever. */
export function knownOutboxSchema(schema: string): string {
  if (!outboxSchemas.includes(schema)) {
    throw new Error(
      `No outbox is known in schema ${JSON.stringify(schema)}; add it to outboxSchemas in libs/outbox.`,
    );
  }
  return schema;
}
