import { setTimeout as pause } from 'node:timers/promises';
import { answerCalls } from '../process/answering.js';
import { NaivePipeline, type NaivePlace } from './naive-pipeline.js';

/** Events in work at once, and deliveries that may wait: enough to keep every connection busy. */
const PUBLISHERS = 32;
const OUTSTANDING = 100;
const LEAD_MS = 300;

let pipeline: NaivePipeline | null = null;

answerCalls({
  start: async (place: NaivePlace) => {
    pipeline = await NaivePipeline.start(place);
  },
  run: async (ms: number) => (pipeline === null ? null : run(pipeline, ms)),
});

export interface NaiveResult {
  readonly delivered: number;
  readonly seconds: number;
}

async function run(naive: NaivePipeline, ms: number): Promise<NaiveResult> {
  let isOver = false;
  let published = 0;
  const before = naive.delivered;
  const publish = async (): Promise<void> => {
    while (!isOver) {
      if (published - (naive.delivered - before) > OUTSTANDING) {
        await pause(1);
        continue;
      }
      published += 1;
      await naive.publish();
    }
  };
  const publishers = Array.from({ length: PUBLISHERS }, publish);
  await pause(LEAD_MS);
  const [from, startedAt] = [naive.delivered, performance.now()];
  await pause(ms);
  while (naive.delivered === from) await pause(5);
  const result = { delivered: naive.delivered - from, seconds: (performance.now() - startedAt) / 1000 };
  isOver = true;
  await Promise.all(publishers);
  while (naive.delivered - before < published) await pause(5);
  return result;
}
