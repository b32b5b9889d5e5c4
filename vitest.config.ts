import { defineConfig } from 'vitest/config';

const conditions = ['source'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  ...shared,
  test: {
    isolate: false,
    projects: [
      { ...shared, test: { name: 'unit', include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts'], isolate: false, setupFiles: ['./test/support/setup.ts'] } },
    ],
  },
});
