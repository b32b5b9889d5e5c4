/** A line of the sink's log. `at` is in milliseconds since 1970. */
export type SinkRecord =
  | {
      readonly kind: 'request';
      readonly at: number;
      readonly endpoint: string;
      readonly id: string;
      /** Of the body: the same id must always say the same. */
      readonly digest: string;
      readonly isVerified: boolean;
    }
  | {
      /** The whole answer is written. */
      readonly kind: 'answer';
      readonly at: number;
      readonly endpoint: string;
      readonly id: string;
      readonly status: number;
    };

export type RequestRecord = Extract<SinkRecord, { kind: 'request' }>;
export type AnswerRecord = Extract<SinkRecord, { kind: 'answer' }>;

export const isSuccess = ({ status }: AnswerRecord): boolean => status >= 200 && status < 300;
