/** A client of others that the suite can drive as it is, when somebody has a checkout of it. */
export interface Checkout {
  readonly client: string;
  /** Names the folder of the checkout. */
  readonly variable: string;
  /** The title of the test that runs it. */
  readonly test: string;
  readonly needs: string;
}

export const CHECKOUTS = {
  pypreservica: {
    client: 'pyPreservica (carj/pyPreservica)',
    variable: 'BELLHOP_CHECKOUT_PYPRESERVICA',
    test: 'pyPreservica logs in, subscribes, answers the challenge, does its work once and unsubscribes',
    needs: '`python3` with the packages that it imports',
  },
  kloudless: {
    client: 'the Kloudless SDK for Python (Kloudless/kloudless-python)',
    variable: 'BELLHOP_CHECKOUT_KLOUDLESS',
    test: 'the Kloudless SDK pages through the feed, and goes on from its cursor',
    needs: '`python3` with the packages that it imports',
  },
  s3Webhook: {
    client: 'the receiver of MCS notifications in Go (RomanenkoDenys/s3-webhook)',
    variable: 'BELLHOP_CHECKOUT_S3_WEBHOOK',
    test: 's3-webhook confirms the subscription, and runs its script for each object',
    needs: '`go`, unless the variable names the built program',
  },
} as const satisfies Readonly<Record<string, Checkout>>;

export type CheckoutName = keyof typeof CHECKOUTS;

/** Where it is on this machine; null if nobody said. */
export function checkoutOf(name: CheckoutName): string | null {
  const path = process.env[CHECKOUTS[name].variable] ?? '';
  return path === '' ? null : path;
}

/** The table of what is not run without a checkout. */
export function checkoutTable(): string {
  const rows = Object.values(CHECKOUTS).map(
    ({ client, variable, test, needs }) => `| ${client} | \`${variable}\` | ${needs} | ${test} |`,
  );
  return ['| client | variable | needs | test |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
