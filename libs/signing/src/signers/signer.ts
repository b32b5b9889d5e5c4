/** What a signature covers. `timestamp` is the attempt's, in Unix seconds; `keys` are the live ones, newest first. */
export interface SignatureInput {
  readonly id: string;
  readonly timestamp: number;
  readonly body: Buffer;
  readonly keys: readonly Buffer[];
}

/** One way to sign a request: a pure function from the bytes sent to headers. */
export interface Signer {
  readonly name: string;
  headers(input: SignatureInput): Record<string, string>;
}
