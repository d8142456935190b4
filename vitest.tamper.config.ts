import { defineConfig } from 'vitest/config';

/** Every change to a package that the tests of tampering know; `npm test` tries a sample of each kind. */
export default defineConfig({
  test: {
    include: ['test/tamper/**/*.test.ts'],
    provide: { everyTampering: true },
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
