import type { ChannelModel } from 'amqplib';

/** An election takes less, and the setup of a connection may take no more than twice of it. */
const ANSWERS_WITHIN_MS = 7000;

/**
 * RabbitMQ 3.10 that dies within a second of a queue's declaration forgets where the queue lives: from then on it is
 * declared without complaint, and nobody who consumes or publishes ever gets an answer.
 */
export class LeaderlessQueueError extends Error {
  constructor(queue: string) {
    super(
      `The queue ${queue} answers nobody, so it has no leader; if that lasts, delete it and it is made anew`,
    );
  }
}

/** The broker's answer about a queue; throws `LeaderlessQueueError` when none comes. */
export async function answerAbout<T>(queue: string, answer: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LeaderlessQueueError(queue)), ANSWERS_WITHIN_MS);
  });
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}

/** The next setup of a connection declares it again. What was in it is lost, so PostgreSQL must have all of it. */
export async function removeQueue(model: ChannelModel, queue: string): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  await channel.deleteQueue(queue);
}
